// Sparse matrices that live in the addon, between calls.
#pragma once

#include "args.hpp"

namespace corpuscle {

struct MatrixHandle {
  CsrCopy matrix;
  bool checked = false;

  void check(Execution& run) {
    if (!checked) matrix.check(run);
    checked = true;
  }
  void require_indices() const {
    if (matrix.full) throw InvalidMatrix{"The matrix is not valid: it has no indices."};
  }
};

/// Documents x terms.
struct CountsHandle : MatrixHandle {
  static constexpr napi_type_tag tag{0x5c1e8d07b29f4a63, 0x84d2f6a01c7b3e95};
};

/// Terms x terms.
struct PairsHandle : MatrixHandle {
  static constexpr napi_type_tag tag{0x2f90b6c4d8137e5a, 0x97a3e51d60c8f4b2};
};

}  // namespace corpuscle
