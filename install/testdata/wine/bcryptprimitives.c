/*
 * A library that Go's programs want on Windows and that wine 8 does not have.
 * It has one function, which fills a buffer with random bytes; advapi32's
 * SystemFunction036, known as RtlGenRandom, does the same.
 */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID buf, ULONG len);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE buf, SIZE_T len) { return SystemFunction036(buf, (ULONG)len); }
