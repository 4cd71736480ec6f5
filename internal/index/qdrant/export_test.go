package qdrant

import "github.com/qdrant/go-client/qdrant"

// Client gives tests the bare client.
func (c Config) Client() (*qdrant.Client, error) { return c.client() }

// Dot is the product that scores are made of.
var Dot = dot

// CollectionName is the name on the server.
var CollectionName = collectionName
