// Package agreement measures how far raters of the same pairs agree: an upper
// bound on what a model can be asked to reach.
package agreement
