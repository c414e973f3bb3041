package worker

import "golang.org/x/sys/unix"

const cloexecFlag = unix.MSG_CMSG_CLOEXEC
