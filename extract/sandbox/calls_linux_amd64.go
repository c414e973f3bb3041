package sandbox

// archCalls are calls that only some processors' kernels have.
var archCalls = []string{"epoll_wait", "poll", "getrlimit"}
