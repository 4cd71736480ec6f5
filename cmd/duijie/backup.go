package main

import (
	"context"
	"fmt"
	"os"

	"github.com/duijie/duijie/internal/backup"
	"github.com/duijie/duijie/internal/instance"
	"github.com/duijie/duijie/internal/match"
)

type backupCmd struct {
	Data string `help:"Folder of the data; by default duijie in XDG_DATA_HOME, or ~/.local/share/duijie. 数据目录。" default:"${data}" type:"path" placeholder:"DIR"`
	langFlag
	Store string `help:"As for the other commands; records on a server are not backed up here. 同其他命令。" env:"DUIJIE_STORE" placeholder:"URL"`
	Out   string `help:"New file, or a folder that gets one. 输出文件或目录。" required:"" type:"path" placeholder:"FILE"`
	JSON  bool   `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// Run copies the data folder, which a running serve may have open.
func (c *backupCmd) Run(ctx context.Context) error {
	if c.Store != "" || instance.Replica(c.Data) {
		return &match.Error{Kind: match.Invalid, Field: "--store", Reason: "the records are on a PostgreSQL server: back them up there with pg_dump --format=custom (and pg_restore), or take them out with duijie export; the data folder is made again from them"}
	}
	file, m, err := backup.Create(ctx, backup.Source{Data: c.Data, Program: version()}, c.Out)
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, backupResult{file, m, ""})
	}
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("已备份到 %s：专利 %d、需求 %d、标注 %d，%.1f MB，SHA-256 %s。\n", file, m.Contents.Patents, m.Contents.Demands, m.Contents.Labels, float64(m.Size)/1e6, m.SHA256),
		fmt.Sprintf("Saved to %s: %s, %s, %s, %.1f MB, SHA-256 %s.\n", file, match.Counted(m.Contents.Patents, "patent"), match.Counted(m.Contents.Demands, "demand"), match.Counted(m.Contents.Labels, "label"), float64(m.Size)/1e6, m.SHA256))
	return nil
}

type backupResult struct {
	File     string           `json:"file"`
	Manifest *backup.Manifest `json:"manifest"`
	Kept     string           `json:"kept,omitempty"` // where the old data is
}

type restoreCmd struct {
	Data string `help:"Folder that gets the data; by default duijie in XDG_DATA_HOME, or ~/.local/share/duijie. 数据目录。" default:"${data}" type:"path" placeholder:"DIR"`
	langFlag
	From   string `help:"File that backup made. 备份文件。" required:"" type:"path" placeholder:"FILE"`
	Force  bool   `help:"Replace what the folder holds; it is kept aside in before-restore-N. 替换目录中已有的数据（旧数据保留在 before-restore-N）。"`
	Verify bool   `help:"Only check the backup. 只校验备份。"`
	JSON   bool   `help:"Print one JSON document. 输出 JSON。" name:"json"`
}

// Run puts a backup in the place of a data folder.
func (c *restoreCmd) Run(ctx context.Context) error {
	var m *backup.Manifest
	var kept string
	var err error
	if c.Verify {
		m, err = backup.Verify(ctx, c.From)
	} else {
		m, kept, err = backup.Restore(ctx, c.From, c.Data, c.Force)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(os.Stdout, backupResult{c.From, m, kept})
	}
	at := m.Created.Local().Format("2006-01-02 15:04:05")
	say(os.Stdout, c.langFlag,
		fmt.Sprintf("备份完好：%s，专利 %d、需求 %d、标注 %d。\n", at, m.Contents.Patents, m.Contents.Demands, m.Contents.Labels),
		fmt.Sprintf("The backup is sound: %s, %s, %s, %s.\n", at, match.Counted(m.Contents.Patents, "patent"), match.Counted(m.Contents.Demands, "demand"), match.Counted(m.Contents.Labels, "label")))
	if !c.Verify {
		say(os.Stdout, c.langFlag, "已恢复到 "+c.Data+"；向量在下次打开时重建。\n", "Restored to "+c.Data+"; vectors are made again when it is opened.\n")
	}
	if kept != "" {
		say(os.Stdout, c.langFlag, "原有数据保留在 "+kept+"。\n", "What was there is kept in "+kept+".\n")
	}
	return nil
}
