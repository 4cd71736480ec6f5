package ingest

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"path"
	"strings"
)

// workbook is the list of sheets, and relations says where they lie.
type workbook struct {
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"id,attr"`
	} `xml:"sheets>sheet"`
}

type relations struct {
	List []struct {
		ID     string `xml:"Id,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// scanOf gives what is known of the sheet's XML. A workbook with its parts at
// unusual places is read without that.
func scanOf(archive *zip.Reader, scans map[string]*sheetScan, sheet string) (*sheetScan, error) {
	scan, ok := scans[sheetEntry(archive, sheet)]
	if !ok {
		return &sheetScan{}, nil
	}
	if !scan.ended {
		return nil, corrupt("the sheet is cut off: its rows have no end", nil)
	}
	return scan, nil
}

// sheetEntry finds the entry of a sheet, or of the first one that is not hidden.
func sheetEntry(archive *zip.Reader, sheet string) string {
	var book workbook
	var rels relations
	if !decodeEntry(archive, "xl/workbook.xml", &book) || !decodeEntry(archive, "xl/_rels/workbook.xml.rels", &rels) {
		return ""
	}
	for _, s := range book.Sheets {
		if s.Name != sheet && (sheet != "" || s.State != "" && s.State != "visible") {
			continue
		}
		for _, r := range rels.List {
			if r.ID == s.ID && strings.HasPrefix(r.Target, "/") {
				return r.Target[1:]
			} else if r.ID == s.ID {
				return path.Join("xl", r.Target)
			}
		}
	}
	return ""
}

func decodeEntry(archive *zip.Reader, name string, into any) bool {
	for _, entry := range archive.File {
		if entry.Name == name {
			var raw bytes.Buffer
			return readEntry(entry, &raw) == nil && xml.Unmarshal(raw.Bytes(), into) == nil
		}
	}
	return false
}
