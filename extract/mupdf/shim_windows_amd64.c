//go:build cgo && !nocgo

/*
 * What MuPDF's library for Windows was built to find in its C library, for the
 * older one of Debian 12 (mingw-w64 10, GCC 12) that lacks it.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <windows.h>

/*
 * setjmp of newer mingw-w64. The second argument, a frame from which longjmp
 * would unwind by the system's tables, is dropped: nothing between MuPDF's throw
 * and its catch wants to be told, and plain restoring needs no tables.
 */
__asm__(
	".globl __intrinsic_setjmpex\n"
	"__intrinsic_setjmpex:\n"
	"	xorl %edx, %edx\n"
	"	jmp *__imp__setjmp(%rip)\n");

/* Bounds that the compiler's fortification could not check by itself. */
void __chk_fail(void) { abort(); }

void *__memcpy_chk(void *to, const void *from, size_t n, size_t room) {
	if (n > room) __chk_fail();
	return memcpy(to, from, n);
}

void *__memmove_chk(void *to, const void *from, size_t n, size_t room) {
	if (n > room) __chk_fail();
	return memmove(to, from, n);
}

void *__memset_chk(void *to, int c, size_t n, size_t room) {
	if (n > room) __chk_fail();
	return memset(to, c, n);
}

char *__strcat_chk(char *to, const char *from, size_t room) {
	if (strlen(to) + strlen(from) >= room) __chk_fail();
	return strcat(to, from);
}

/* Reading at a place, where a descriptor is what Go calls one: a handle. */
ssize_t pread(int fd, void *buf, size_t n, long long at) {
	OVERLAPPED where = {0};
	DWORD got = 0;
	where.Offset = (DWORD)at;
	where.OffsetHigh = (DWORD)(at >> 32);
	if (n > 1 << 30) n = 1 << 30;
	if (!ReadFile((HANDLE)(intptr_t)fd, buf, (DWORD)n, &got, &where))
		return GetLastError() == ERROR_HANDLE_EOF ? 0 : -1;
	return got;
}
