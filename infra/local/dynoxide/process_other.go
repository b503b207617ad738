//go:build unix && !linux

package dynoxide

import "syscall"

// processAttributes puts Dynoxide in a process group of its own, so that Ctrl-C reaches this process alone and the
// service ends before its store. Only Linux has a parent-death signal.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
