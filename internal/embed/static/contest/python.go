package main

import _ "embed" // the script

//go:embed peer/peer.py
var pythonPeer string
