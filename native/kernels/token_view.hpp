// Documents as numbers of terms, word by word.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <string>

#include "csr.hpp"
#include "parallel.hpp"

namespace corpuscle {

inline constexpr std::int32_t no_term = -1;

/// Document d is [offsets[d], offsets[d + 1]) of ids, each from 0 to below `terms`, or -1: a word that is no term. Owns nothing.
struct TokenView {
  std::int64_t terms = 0;
  std::span<const std::int64_t> offsets;
  std::span<const std::int32_t> ids;

  std::int64_t documents() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
};

/// Checks foreign arrays: offsets ascend from 0 to the number of ids, which is below 2^31. Throws InvalidMatrix, OverLimit.
inline void check_streams(Execution& run, const TokenView& streams) {
  const auto refuse = [](const std::string& what) { throw InvalidMatrix{"The token streams are not valid: " + what}; };
  const auto tokens = static_cast<std::int64_t>(streams.ids.size());
  if (streams.offsets.empty() || streams.offsets[0] != 0) refuse("offsets must start at 0.");
  for (std::int64_t d = 0; d < streams.documents(); ++d) {
    if (streams.offsets[d + 1] < streams.offsets[d]) refuse("offsets fall, or are no whole number, after document " + std::to_string(d) + ".");
  }
  if (streams.offsets.back() != tokens) refuse("offsets must end at the number of ids.");
  if (tokens > 0x7fffffff) throw OverLimit{"Token streams hold fewer than 2^31 words, but there are " + std::to_string(tokens) + "."};
  const Blocks blocks{tokens, 1 << 16};
  std::atomic<std::int64_t> wrong{tokens};
  parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) {
    for (std::int64_t at = blocks.begin(block); at < blocks.end(block); ++at) {
      if (streams.ids[at] < no_term || streams.ids[at] >= streams.terms) return lower_to(wrong, at);
    }
  });
  if (wrong < tokens) {
    refuse("ids must be from -1 to " + std::to_string(streams.terms - 1) + ", but id " + std::to_string(wrong.load()) + " is " +
           std::to_string(streams.ids[wrong.load()]) + ".");
  }
}

}  // namespace corpuscle
