// What LeakSanitizer does not count as a leak: the memory of clang's OpenMP runtime, which it keeps to the end.
extern "C" const char* __lsan_default_suppressions() { return "leak:libomp"; }
