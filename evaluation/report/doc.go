// Package report writes what an evaluation found for people to read: HTML, one
// file for the screen and for paper, and Text, a summary for the terminal.
//
// It answers: what was measured, how good is each model, which differences are
// decided and which are not, on which demands a model won or lost and with what
// ranking, and what should be judged next. It measures nothing itself: every
// figure is one of evaluation.Result, or is counted from its per-query values.
// Files, progress bars and exit codes are left to the command.
//
// What callers may rely on:
//
//   - The HTML file is complete in itself: no script at all, no font, style or
//     image from elsewhere. The language is switched by style alone.
//   - Everything that comes from data, names included, is escaped; control
//     characters do not reach the terminal.
//   - The same Result and Options give the same bytes. There is no clock inside.
//   - A figure that a model cannot have appears as a dash with its reason.
//
// The texts are in Chinese and English, both in words*.go. What package
// evaluation says in English (definitions, reasons) is translated by pattern in
// translate.go and stays English where no pattern fits.
package report
