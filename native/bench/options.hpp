// The command line of kernel_bench.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "../kernels/simd.hpp"

namespace corpuscle::bench {

inline constexpr const char* help =
    "The kernels without Node: their times, their work, and the limits of the machine.\n"
    "\n"
    "  kernel_bench list                    the rows\n"
    "  kernel_bench run ROW [--documents N] [--threads T] [--repeats R] [--text FILE] [--simd LEVEL]\n"
    "                                       measures a row; one line of JSON\n"
    "  kernel_bench scaling [--documents N] [--text FILE] [--json]\n"
    "                                       every row on 1, 2, 4, ... threads; fails where results differ\n"
    "  kernel_bench limits [--threads T]    rates of the machine that bound the kernels\n"
    "\n"
    "  --documents N  how many texts are made up, or lines of FILE read, 100 to 10000000 (default 10000)\n"
    "  --threads T    1 to 1024 (default 1)\n"
    "  --repeats R    1 to 1000 (default 5)\n"
    "  --simd LEVEL   vector instructions: baseline, avx2, avx512 (default: the best that the processor has)\n"
    "  --text FILE    UTF-8, a document a line, in place of made-up texts\n";

struct Options {
  std::string command, row, text;
  std::int64_t documents = 10'000;
  int threads = 1;
  int repeats = 5;
  Simd simd = best_simd();
  bool json = false;
  bool help = false;
};

/// Throws std::runtime_error, with a sentence, for what is no command, no option of it, or out of range.
Options parse(std::span<char* const> arguments);

}  // namespace corpuscle::bench
