package ingest

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/duijie/duijie/internal/match"
)

// sample is how much of the input is looked at to find format and encoding.
const sample = 1 << 20

const byteOrderMark = "\xef\xbb\xbf"

// openSource takes off compression and encoding and opens the format's source.
func openSource(in io.Reader, name string, options Options, columns *columns) (source, error) {
	zipped := bufio.NewReaderSize(in, sample)
	buffered, err := gunzip(zipped)
	if err != nil {
		return nil, err
	}
	head, _ := buffered.Peek(sample) // an error comes again when it is reached
	format, err := formatOf(name, head, options.Format)
	if err != nil {
		return nil, err
	}
	switch format {
	case XLSX, Parquet:
		if buffered != zipped {
			in = nil // compressed: what can be read at any place is not the content
		}
		return openRandom(in, buffered, format, options, columns)
	case CSV:
		decoded, err := decode(buffered, head, options.Encoding)
		if err != nil {
			return nil, err
		}
		t, err := newTable(newLines(decoded), decoded != buffered)
		if err != nil {
			return nil, err
		}
		t.marked = bytes.HasPrefix(head, []byte(byteOrderMark))
		return t, nil
	}
	if bytes.HasPrefix(head, []byte(byteOrderMark)) {
		buffered.Discard(len(byteOrderMark))
		head = head[len(byteOrderMark):]
	}
	return openJSON(buffered, head)
}

// gunzip reads through gzip where the content is compressed, whatever its name.
func gunzip(in *bufio.Reader) (*bufio.Reader, error) {
	magic, _ := in.Peek(2)
	if !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return in, nil
	}
	unzipped, err := gzip.NewReader(in)
	if err != nil {
		return nil, readError(err)
	}
	return bufio.NewReaderSize(unzipped, sample), nil
}

// readError gives damage in the compressed form its kind.
func readError(err error) error {
	damaged := errors.Is(err, gzip.ErrChecksum) || errors.Is(err, gzip.ErrHeader) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, new(flate.CorruptInputError))
	if damaged {
		return &match.Error{Kind: match.Corrupt, Reason: "the stream is damaged or cut off", Err: err}
	}
	return err
}

var formatOfExtension = map[string]Format{
	".jsonl": JSONL, ".ndjson": JSONL, ".json": JSONL,
	".csv": CSV, ".tsv": CSV,
	".xlsx": XLSX, ".xlsm": XLSX, ".parquet": Parquet,
}

// magics are the first bytes of formats that have some.
var magics = []struct {
	bytes  string
	format Format
}{{"PK\x03\x04", XLSX}, {"PK\x05\x06", XLSX}, {"PAR1", Parquet}}

// formatOf finds the format: named, or told by the extension or the content.
func formatOf(name string, head []byte, named Format) (Format, error) {
	switch named {
	case JSONL, CSV, XLSX, Parquet:
		return named, nil
	case "":
	default:
		return "", match.Invalidf("format", "%q is not one of jsonl, csv, xlsx, parquet", named)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.bytes)) {
			return m.format, nil
		}
	}
	base := strings.TrimSuffix(strings.ToLower(name), ".gz")
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) {
		if filepath.Ext(base) == ".xls" {
			return "", match.Invalidf("format", "is an old binary workbook (.xls), which is not read; save it as .xlsx or CSV and import that")
		}
		return "", match.Invalidf("format", "is a workbook with a password, or an old binary document; save it as .xlsx without a password, or as CSV")
	}
	if format, ok := formatOfExtension[filepath.Ext(base)]; ok {
		return format, nil
	}
	start := bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n")
	if len(start) > 0 && (start[0] == '{' || start[0] == '[') {
		return JSONL, nil
	}
	return CSV, nil
}

// decode gives in as UTF-8 without a byte order mark.
func decode(in *bufio.Reader, head []byte, encoding string) (io.Reader, error) {
	switch strings.ToLower(encoding) {
	case "":
	case "utf-8", "utf8":
		return unicode.UTF8BOM.NewDecoder().Reader(in), nil
	case "gb18030", "gbk", "gb2312":
		return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
	default:
		return nil, match.Invalidf("encoding", "%q is not one of utf-8, gb18030", encoding)
	}
	switch {
	case bytes.HasPrefix(head, []byte(byteOrderMark)):
		in.Discard(len(byteOrderMark))
		return in, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		// What spreadsheets call Unicode text.
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(in), nil
	case looksLikeGB18030(head):
		return simplifiedchinese.GB18030.NewDecoder().Reader(in), nil
	}
	return in, nil
}

// looksLikeGB18030 tells whether head, read as UTF-8, is wrong more often than it
// is right outside ASCII. One damaged character in a file of UTF-8 does not make
// it another encoding, and GB18030 is almost never right as UTF-8 by chance.
func looksLikeGB18030(head []byte) bool {
	right, wrong := 0, 0
	for len(head) > 0 {
		if head[0] < utf8.RuneSelf {
			head = head[1:]
			continue
		}
		if !utf8.FullRune(head) {
			break // cut by the end of the sample
		}
		r, size := utf8.DecodeRune(head)
		if r == utf8.RuneError && size == 1 {
			wrong++
		} else {
			right++
		}
		head = head[size:]
	}
	return wrong > right
}
