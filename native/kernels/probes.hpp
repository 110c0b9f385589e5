// Probes of the machine: the rates that bound the kernels, each with the kernel's own pattern of access and next to no
// arithmetic, so that a kernel's time can be told as a ratio to what the machine allows.
#pragma once

#include <cstdint>
#include <span>

#include "parallel.hpp"

namespace corpuscle {

struct ProbeRequest {
  double seconds;            // to measure for, about
  std::int64_t table_bytes;  // of the table that random rows are read from
  std::int64_t row_bytes;    // of one of its rows, a multiple of 64
};

/// `rate` gives units per second of all threads together: the best of several passes, after one to warm up.
struct Probe {
  const char* name;
  const char* unit;
  double (*rate)(Execution& run, const ProbeRequest& request);
};

/// stream: bytes read and written while copying blocks that no cache holds.
/// firstTouch: bytes written into pages fresh from the system.
/// readModifyWrite: updates ++counts[id], for streamed 16-bit ids and counts that the second-level cache holds.
/// byteClassification: bytes of cached text told to be of a word or not, with the starts of words counted.
/// randomRows: bytes of whole rows at random positions of a table, read and added.
std::span<const Probe> probes();

}  // namespace corpuscle
