package dynoxide

import "syscall"

// processAttributes puts Dynoxide in a process group of its own, so that Ctrl-C reaches this process alone and the
// service ends before its store, and lets the kernel kill it when this process dies.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
