// Lists of tokens, counted by several threads in several batches: the merged terms are in order, each once, with the right sums.
#include <map>
#include <set>
#include <string>

#include "../kernels/term_counter.hpp"
#include "bytes.hpp"

using namespace corpuscle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  Execution run(1 + bytes.byte() % 3, nullptr, 1e9);
  TermCounter counter({{}, Unit::token, 1, 1}, {}, std::nullopt);
  std::map<std::string, std::pair<std::int32_t, double>> wanted;
  while (bytes.left() > 0) {
    std::string text;
    std::vector<std::int64_t> offsets{0};
    std::vector<std::int32_t> lengths;
    for (int documents = bytes.byte() % 5; documents > 0; --documents) {
      std::set<std::string> met;
      lengths.push_back(bytes.byte() % 6);
      for (std::int32_t i = 0; i < lengths.back(); ++i) {
        // Few letters, so that tokens share beginnings; some long, around the limits of eight and sixteen bytes.
        std::string token(bytes.byte() % 18, static_cast<char>('a' + bytes.byte() % 3));
        if (!token.empty()) token[bytes.byte() % token.size()] = static_cast<char>('a' + bytes.byte() % 3);
        text += token;
        offsets.push_back(static_cast<std::int64_t>(text.size()));
        auto& [df, count] = wanted[token];
        df += met.insert(token).second;
        ++count;
      }
    }
    counter.add_tokens(run, {text, offsets}, lengths);
  }
  const TermStatistics terms = counter.statistics(run, true);
  if (terms.document_frequency.size() != wanted.size()) __builtin_trap();
  std::size_t i = 0;
  for (const auto& [token, sums] : wanted) {
    const std::string found(terms.bytes.data() + terms.offsets[i], terms.bytes.data() + terms.offsets[i + 1]);
    if (found != token || terms.document_frequency[i] != sums.first || terms.totals[i] != sums.second) __builtin_trap();
    ++i;
  }
  return 0;
}
