package onnx

import (
	"runtime"
	"strings"
	"unsafe"

	"github.com/duijie/duijie/internal/match"
)

// oldest is the version of the C interface that is asked for: that of ONNX
// Runtime 1.11. Newer libraries have it unchanged, since they only append to it.
const oldest = 11

// Places of functions in the C interface's table, OrtApi of onnxruntime_c_api.h.
// The table never changes but at its end.
const (
	getErrorMessage           = 2
	createEnv                 = 3
	disableTelemetry          = 6
	createSession             = 7
	run                       = 9
	createSessionOptions      = 10
	disableMemPattern         = 17
	setGraphOptimization      = 23
	setIntraOpThreads         = 24
	setInterOpThreads         = 25
	sessionInputCount         = 30
	sessionOutputCount        = 31
	sessionInputType          = 33
	sessionOutputType         = 34
	sessionInputName          = 36
	sessionOutputName         = 37
	createTensorWithData      = 49
	tensorData                = 51
	castToTensorInfo          = 55
	tensorElementType         = 60
	dimensionsCount           = 61
	dimensions                = 62
	tensorTypeAndShape        = 65
	createCPUMemoryInfo       = 69
	allocatorFree             = 76
	defaultAllocator          = 78
	releaseStatus             = 93
	releaseSession            = 95
	releaseValue              = 96
	releaseTypeInfo           = 98
	releaseTensorTypeAndShape = 99
	releaseSessionOptions     = 100
	functions                 = 101 // as many of the table are read
)

// Numbers of the interface's enumerations.
const (
	logErrors       = 3  // ORT_LOGGING_LEVEL_ERROR
	optimiseAll     = 99 // ORT_ENABLE_ALL
	deviceAllocator = 0  // OrtDeviceAllocator
	memoryDefault   = 0  // OrtMemTypeDefault

	typeFloat32 = 1
	typeInt32   = 6
	typeInt64   = 7
)

// Handle is an object of the library, by its address there.
type handle = uintptr

// library is ONNX Runtime, loaded. It is never unloaded: its threads may outlive
// its sessions.
type library struct {
	path    string
	version string
	table   [functions]uintptr

	env       handle
	memory    handle // describes memory of the processor
	allocator handle // of names
}

// at is what lies at an address outside of Go's memory.
func at(address uintptr) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&address))
}

// textAt copies the C string at an address, "" for 0.
func textAt(address uintptr) string {
	if address == 0 {
		return ""
	}
	var b strings.Builder
	for p := at(address); *(*byte)(p) != 0; p = unsafe.Add(p, 1) {
		b.WriteByte(*(*byte)(p))
	}
	return b.String()
}

// bind asks the library at path for its interface. The address is that of its
// one exported function, OrtGetApiBase.
func bind(path string, getBase uintptr) (*library, error) {
	base := syscallN(getBase)
	if base == 0 {
		return nil, wrongLibrary(path, "OrtGetApiBase gives nothing", nil)
	}
	type apiBase struct{ getAPI, version uintptr }
	b := (*apiBase)(at(base))
	l := &library{path: path, version: textAt(syscallN(b.version))}
	api := syscallN(b.getAPI, oldest)
	if api == 0 {
		return nil, wrongLibrary(path, "is ONNX Runtime "+l.version+"; 1.11 or newer is needed", nil)
	}
	l.table = *(*[functions]uintptr)(at(api))
	return l, l.start()
}

// start makes what all sessions share.
func (l *library) start() error {
	var pins runtime.Pinner
	defer pins.Unpin()
	var err error
	if l.env, err = l.get(createEnv, logErrors, newText("duijie").pin(&pins)); err != nil {
		return wrongLibrary(l.path, "does not start", err)
	}
	if err := l.call(disableTelemetry, l.env); err != nil {
		return wrongLibrary(l.path, "does not start", err)
	}
	if l.memory, err = l.get(createCPUMemoryInfo, deviceAllocator, memoryDefault); err != nil {
		return wrongLibrary(l.path, "does not start", err)
	}
	if l.allocator, err = l.get(defaultAllocator); err != nil {
		return wrongLibrary(l.path, "does not start", err)
	}
	return nil
}

// call runs a function that returns a status. Its text becomes the error, which
// has no kind.
func (l *library) call(function int, args ...uintptr) error {
	status := syscallN(l.table[function], args...)
	if status == 0 {
		return nil
	}
	reason := textAt(syscallN(l.table[getErrorMessage], status))
	syscallN(l.table[releaseStatus], status)
	return fault(reason)
}

// get runs a function whose last argument is the place of its result. All memory
// that the library reads or writes is pinned on the heap: a goroutine's stack may
// move while the library runs.
func (l *library) get(function int, args ...uintptr) (uintptr, error) {
	var pins runtime.Pinner
	defer pins.Unpin()
	place := new(uintptr)
	pins.Pin(place)
	err := l.call(function, append(args, uintptr(unsafe.Pointer(place)))...)
	return *place, err
}

// release runs a function that frees an object and returns nothing.
func (l *library) release(function int, object handle) {
	if object != 0 {
		syscallN(l.table[function], object)
	}
}

// fault is what the library says went wrong.
type fault string

func (f fault) Error() string { return string(f) }

func wrongLibrary(path, reason string, err error) error {
	return &match.Error{Kind: match.Invalid, Record: path, Field: "onnxruntime", Reason: reason, Err: err}
}

// text is a string that ends with a NUL.
type text []byte

func newText(s string) text { return append([]byte(s), 0) }

// pin gives the text's address, until pins lets go.
func (t text) pin(pins *runtime.Pinner) uintptr {
	pins.Pin(&t[0])
	return uintptr(unsafe.Pointer(&t[0]))
}
