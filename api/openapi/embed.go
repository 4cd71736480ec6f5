// Package openapi holds the OpenAPI 2.0 document of the HTTP/JSON API. The document
// is generated from proto/; this file is the one under api/ that is written by hand.
package openapi

import _ "embed"

// Document is the document, JSON in UTF-8.
//
//go:embed duijie.swagger.json
var Document []byte
