//go:build unix && !solaris && !aix

package edits

import (
	"errors"
	"os"
	"syscall"
)

// tryLock takes the lock of an open file, or says that another process has it. Both are false where there are no locks,
// as on some network file systems.
func tryLock(f *os.File) (held, busy bool) {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	return err == nil, errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR)
}
