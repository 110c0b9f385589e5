// Counts of documents that live in the addon, between calls.
#pragma once

#include "args.hpp"

namespace corpuscle {

struct CountsHandle {
  static constexpr napi_type_tag tag{0x5c1e8d07b29f4a63, 0x84d2f6a01c7b3e95};
  CsrCopy counts;
  bool checked = false;

  void check(Execution& run) {
    if (!checked) counts.check(run);
    checked = true;
  }
};

}  // namespace corpuscle
