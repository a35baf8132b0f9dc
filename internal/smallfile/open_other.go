//go:build !unix

package smallfile

const nonBlocking = 0
