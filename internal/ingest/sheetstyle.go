package ingest

import (
	"regexp"
	"strings"

	"github.com/xuri/excelize/v2"
)

// plainFormat is a number format that no workbook has: excelize gives the value
// of such a cell as it is stored, and not as 2.02E+11.
const plainFormat = 1 << 30

// plainStyles makes excelize give every number in full and every date as
// 2021-03-12, whatever the sheet shows.
func plainStyles(book *excelize.File) error {
	if book.Styles == nil || book.Styles.CellXfs == nil {
		if _, err := book.GetStyle(0); err != nil || book.Styles == nil || book.Styles.CellXfs == nil {
			return nil // no styles: values come as they are stored
		}
	}
	day, err := formatID(book, "yyyy-mm-dd")
	if err != nil {
		return err
	}
	moment, err := formatID(book, "yyyy-mm-dd hh:mm:ss")
	if err != nil {
		return err
	}
	codes := map[int]string{}
	if formats := book.Styles.NumFmts; formats != nil {
		for _, f := range formats.NumFmt {
			codes[f.NumFmtID] = f.FormatCode
		}
	}
	for i := range book.Styles.CellXfs.Xf {
		xf := &book.Styles.CellXfs.Xf[i]
		if xf.NumFmtID == nil {
			continue
		}
		id := plainFormat
		switch date, clock := dateFormat(*xf.NumFmtID, codes); {
		case date && clock:
			id = moment
		case date:
			id = day
		case clock:
			continue
		}
		xf.NumFmtID = &id
	}
	return nil
}

// formatID gives the number of a format, which is added to the workbook in memory.
func formatID(book *excelize.File, code string) (int, error) {
	style, err := book.NewStyle(&excelize.Style{CustomNumFmt: &code})
	if err != nil {
		return 0, err
	}
	return *book.Styles.CellXfs.Xf[style].NumFmtID, nil
}

// What says nothing in a format: text in quotes, escaped characters, colours,
// locales and conditions. A duration such as [h]:mm counts as a time.
var formatNoise = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]hms][^\]]*\]`)

// dateFormat tells whether a number format shows a day, a time, or both. The
// built-in ones are in ECMA-376, part 1, 18.8.30.
func dateFormat(id int, codes map[int]string) (date, clock bool) {
	code, custom := codes[id]
	if !custom {
		switch {
		case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
			return true, false
		case id == 22:
			return true, true
		}
		return false, id >= 18 && id <= 21 || id >= 32 && id <= 35 || id >= 45 && id <= 47 || id == 55 || id == 56
	}
	code, _, _ = strings.Cut(code, ";")
	code = strings.ToLower(formatNoise.ReplaceAllString(code, ""))
	code = strings.ReplaceAll(code, "general", "")
	clock = strings.ContainsAny(code, "hs")
	date = strings.ContainsAny(code, "yd") || strings.Contains(code, "m") && !clock
	return date, clock
}
