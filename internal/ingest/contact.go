package ingest

import (
	"slices"
	"strings"

	"github.com/duijie/duijie/internal/match"
)

// contactWords are in the names of columns that tell whom to reach and how.
var contactWords = strings.Fields(`联系人 联系电话 联系方式 联系邮箱 联系地址 联络人 联络方式 对接人 电话 手机 座机 传真 邮箱 电子邮件 微信
	phone mobile cellphone email wechat weixin contactperson contactname contactinfo`)

// shortContactWords are such names as a whole. In others they mean nothing: hotel, contact angle.
var shortContactWords = []string{"qq", "qq号", "qq号码", "tel", "fax", "mail", "wx", "contact", "contacts", "联系"}

// isContact tells whether a column holds data of contact by its name.
func isContact(name string) bool {
	name, _, _ = strings.Cut(normalised(name), "(")
	return slices.Contains(shortContactWords, name) ||
		slices.ContainsFunc(contactWords, func(word string) bool { return strings.Contains(name, word) })
}

// noticeContact keeps the other side from seeing whom to reach: a demand with data of contact
// in a column of its own keeps its attributes confidential. What a row itself calls an
// attribute stays as it was written, so that an export reads back the same.
func (b *builder) noticeContact(c cell) {
	if empty(c.value) || strings.HasPrefix(c.name, attributesPrefix) || !isContact(c.name) {
		return
	}
	switch b.kind {
	case match.DemandKind:
		b.withhold("attributes")
		b.kept.withheld = append(b.kept.withheld, c.name)
	case match.PatentKind:
		b.kept.contacts = append(b.kept.contacts, c.name)
	}
}
