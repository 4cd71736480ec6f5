package server

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/duijie/duijie/internal/match"
	"github.com/duijie/duijie/internal/server/wire"
)

// tooLarge is told of a body that is too large.
var tooLarge = fmt.Sprintf("the body is larger than %d MiB", maxMessage>>20)

// callError writes the error of a call as {"code", "message", "details"}.
func callError(ctx context.Context, mux *runtime.ServeMux, m runtime.Marshaler, w http.ResponseWriter, r *http.Request, err error) {
	err = detailed(err)
	if status.Convert(err).Message() == tooLarge {
		err = &runtime.HTTPStatusError{HTTPStatus: http.StatusRequestEntityTooLarge, Err: err}
	}
	runtime.DefaultHTTPErrorHandler(ctx, mux, m, w, r, err)
}

// detailed gives details to errors that the gateway found itself, in body, path or
// query.
func detailed(err error) error {
	s := status.Convert(err)
	if s.Code() != codes.InvalidArgument || len(s.Details()) > 0 {
		return err
	}
	if found := badWord.FindStringSubmatch(s.Message()); found != nil {
		return worded(match.Invalidf(found[1], "%q is not one of %s", unquoted(found[2]), found[3]), s.Message(), 3)
	}
	if found := twice.FindStringSubmatch(s.Message()); found != nil {
		e := secondOf(found[1], found[2])
		return worded(e, e.Error(), 3)
	}
	field := ""
	if found := badName.FindStringSubmatch(s.Message()); found != nil {
		field = found[1] + found[2] + found[3]
	}
	said := match.LocalText{ZH: gatewayChinese(s.Message()), EN: s.Message()}
	return worded((&match.Error{Kind: match.Invalid, Field: field}).Because("%s", said), s.Message(), 3)
}

// gatewayWords translate what protojson and the gateway say of a request. What none of them
// fits stays English behind what it is about.
var gatewayWords = []struct {
	en *regexp.Regexp
	zh string
}{
	{regexp.MustCompile(`^the body is larger than (\d+) MiB$`), "请求体超过 $1 MiB"},
	{regexp.MustCompile(`^the body: (.*)$`), "请求体：$1"},
	{regexp.MustCompile(`^the query: (.*)$`), "查询参数：$1"},
	{regexp.MustCompile(`^line (\d+): (.*)$`), "第 $1 行：$2"},
	{regexp.MustCompile(`^type mismatch, parameter: (\S+), error: (.*)$`), "路径中 $1 的取值无法读取：$2"},
	{regexp.MustCompile(`^reading the body: (.*)$`), "读取请求体失败：$1"},
	{regexp.MustCompile(`^(.*?)syntax error \(line (\d+):(\d+)\): (.*)$`), "${1}不是有效的 JSON（第 $2 行第 $3 列）：$4"},
	{regexp.MustCompile(`^(.*?)\(line (\d+):(\d+)\): (.*)$`), "${1}第 $2 行第 $3 列：$4"},
	{regexp.MustCompile(`^(.*)unexpected token (.*)$`), "${1}意外的内容 $2"},
	{regexp.MustCompile(`^(.*)unexpected EOF$`), "${1}不是有效的 JSON：内容提前结束"},
	{regexp.MustCompile(`^(.*)invalid value for \S+ field ([a-z_]+): (.*)$`), "${1}字段 $2 的取值 $3 无效"},
	{regexp.MustCompile(`^(.*)invalid value (.*)$`), "${1}取值 $2 无效"},
	{regexp.MustCompile(`^(.*)unknown field "([^"]*)"$`), `${1}没有名为 "$2" 的字段`},
	{regexp.MustCompile(`^(.*)unknown parameter "([^"]*)"$`), `${1}没有名为 "$2" 的参数`},
	{regexp.MustCompile(`^(.*)parsing field "([^"]*)": (?:strconv\.\w+: parsing ("[^"]*"):)?.*$`), "${1}参数 $2 的取值 $3 无法读取"},
	{regexp.MustCompile(`^(.*)duplicate field "([^"]*)"$`), `${1}字段 "$2" 重复给出`},
}

func gatewayChinese(text string) string {
	for _, w := range gatewayWords {
		text = w.en.ReplaceAllString(text, w.zh)
	}
	return text
}

// worded gives an error the first details of its status, under a message that names
// the field already.
func worded(e *match.Error, message string, details int) error {
	p := status.Convert(wire.Status(e)).Proto()
	p.Message, p.Details = message, p.Details[:details]
	return status.FromProto(p).Err()
}

func unquoted(s string) string {
	if word, err := strconv.Unquote(s); err == nil {
		return word
	}
	return s
}

// badWord takes apart what enumName says.
var badWord = regexp.MustCompile(`(?:^|: )([a-z_0-9.\[\]]+): ("(?:[^"\\]|\\.)*") is not one of (.*)$`)

// badName finds the name in errors of protojson and of the gateway.
var badName = regexp.MustCompile(`(?:unknown field|unknown parameter|parsing field) "([^"]+)"|invalid value for \S+ field ([a-z_]+):|type mismatch, parameter: ([a-z_.]+),`)

// twice finds the second field of those of which a message has one.
var twice = regexp.MustCompile(`error parsing "([^"]+)", oneof (\S+) is already set`)

// secondOf is the error of a field that was given beside another one of its oneof.
func secondOf(field, oneof string) *match.Error {
	var all, others []string
	d, _ := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(oneof))
	if o, ok := d.(protoreflect.OneofDescriptor); ok {
		for i := range o.Fields().Len() {
			name := o.Fields().Get(i)
			all = append(all, string(name.Name()))
			if field != string(name.Name()) && field != name.JSONName() {
				others = append(others, string(name.Name()))
			}
		}
	}
	return match.Invalidf(field, "may not be given beside %s: give one of %s", strings.Join(others, ", "), strings.Join(all, ", "))
}

// routingError answers a path or a method that there is not.
func routingError(_ context.Context, _ *runtime.ServeMux, _ runtime.Marshaler, w http.ResponseWriter, r *http.Request, code int) {
	switch code {
	case http.StatusMethodNotAllowed:
		notAllowed(w, r)
	case http.StatusNotFound:
		path := r.URL.EscapedPath()
		writeError(w, code, codes.NotFound, match.LocalText{
			EN: fmt.Sprintf("there is nothing at %s; see /openapi.json", path), ZH: fmt.Sprintf("%s 不存在；接口见 /openapi.json", path)})
	default:
		writeError(w, code, codes.InvalidArgument, match.LocalText{EN: http.StatusText(code), ZH: "无法处理的请求"})
	}
}

func notAllowed(w http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	writeError(w, http.StatusMethodNotAllowed, codes.Unimplemented, match.LocalText{
		EN: fmt.Sprintf("%s does not take %s; see /openapi.json", path, r.Method),
		ZH: fmt.Sprintf("%s 不接受 %s 方法；接口见 /openapi.json", path, r.Method)})
}

// writeError writes an error that is none of a call.
func writeError(w http.ResponseWriter, status int, code codes.Code, said match.LocalText) {
	text, err := newCodec().Marshal(wire.Localized(code, said).Proto())
	if err != nil { // a message that is not UTF-8
		text = []byte(`{"code": 3, "message": "the request is not UTF-8"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(text)
}
