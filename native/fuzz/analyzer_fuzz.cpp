// Any bytes as documents, on all levels of vector instructions: the same terms, or the same refusal.
#include <numeric>
#include <optional>
#include <string>

#include "../kernels/term_counter.hpp"
#include "bytes.hpp"

using namespace corpuscle;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes bytes(data, size);
  const std::uint8_t how = bytes.byte(), cut = bytes.byte();
  Analysis analysis;
  analysis.normalization.lowercase = (how & 1) != 0;
  analysis.normalization.accents = static_cast<Accents>((how >> 1) % 3);
  analysis.unit = static_cast<Unit>((how >> 3) % 3);
  analysis.min_n = 1 + (how >> 5) % 2;
  analysis.max_n = analysis.min_n + (how >> 6) % 3;
  const auto total = static_cast<std::int64_t>(bytes.left());
  const std::span<const char> text(bytes.text(), bytes.left());
  const std::vector<std::int64_t> offsets{0, total * cut / 255, total};
  std::optional<TermStatistics> known;
  std::int64_t known_invalid = -2;
  for (const Simd level : simd_levels()) {
    Execution run(1 + how % 2, nullptr, 1e9, level);
    TermCounter counter(analysis, {}, std::nullopt);
    std::int64_t invalid = -1;
    try {
      counter.add(run, {text, offsets});
    } catch (const InvalidText& error) {
      invalid = error.document;
    }
    if (known_invalid == -2) known_invalid = invalid;
    if (invalid != known_invalid) __builtin_trap();
    if (invalid >= 0) continue;
    TermStatistics terms = counter.statistics(run, true);
    const auto n = static_cast<std::int64_t>(terms.document_frequency.size());
    std::vector<std::int32_t> columns(static_cast<std::size_t>(n));
    std::iota(columns.begin(), columns.end(), 0);
    const TermCounts counts = counter.count(run, {columns, n, false});
    std::vector<std::int32_t> indptr(static_cast<std::size_t>(counts.rows) + 1), indices(static_cast<std::size_t>(counts.nnz)), values(indices);
    counts.write<std::int32_t>(run, indptr, indices, values);
    const TermCounts hashed = counter.count_hashed(run, {1 + cut, true, false});
    if (hashed.nnz > counts.nnz) __builtin_trap();
    std::vector<double> scaled(static_cast<std::size_t>(hashed.nnz));
    hashed.write_scaled<std::int32_t>(run, Norm::l2, indptr, std::span(indices).first(scaled.size()), scaled);
    if (known && (known->bytes != terms.bytes || known->offsets != terms.offsets || known->totals != terms.totals)) __builtin_trap();
    known = std::move(terms);
  }
  return 0;
}
