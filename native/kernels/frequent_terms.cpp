#include "frequent_terms.hpp"

#include <algorithm>
#include <numeric>

#include "bit_sums.hpp"

namespace corpuscle {
namespace {

constexpr double budget_of_entry = 24;  // bytes, of `workBytes`
constexpr double posting_bytes = 8, row_bytes = 4;
constexpr std::uint32_t most_in_table = 0xffff;

/// Of visiting the bits of a row, in updates. Measured, and a fifth or more above what it takes, so that bits are not taken for nothing.
double visit_cost(Simd simd) {
  switch (simd) {
    case Simd::avx512: return 32;
    case Simd::avx2: return 40;
    case Simd::baseline: return 64;
  }
  return 64;
}
constexpr double term_cost = 500;  // of writing the sums of one term, in updates

}  // namespace

FrequentTerms::FrequentTerms(std::span<const std::uint32_t> frequency) : before_(frequency.size() + 1) {
  terms_.resize(frequency.size());
  std::iota(terms_.begin(), terms_.end(), 0u);
  const auto more = [&](std::uint32_t a, std::uint32_t b) { return frequency[a] != frequency[b] ? frequency[a] > frequency[b] : a < b; };
  if (terms_.size() > BitRow::size) {
    std::nth_element(terms_.begin(), terms_.begin() + BitRow::size, terms_.end(), more);
    terms_.resize(BitRow::size);
    std::sort(terms_.begin(), terms_.end());
  }
  for (const std::uint32_t term : terms_) before_[term + std::size_t{1}] = 1;
  std::partial_sum(before_.begin(), before_.end(), before_.begin());
}

/// What is left of the updates are those of pairs without a frequent term. For the others, the bits of each entry's row are visited once,
/// of an entry that is no frequent term twice, and each term's sums are written.
///
/// Memory: with the matrix there are the rows, the postings and each thread's sums of work; without it the table of counts, too.
bool FrequentTerms::pay_as_bits(Simd simd, const PairWork& work) const {
  double all = 0, of_others = 0;
  for (std::size_t term = 0; term < work.frequency.size(); ++term) {
    all += work.frequency[term];
    if (has(static_cast<std::int64_t>(term))) continue;
    of_others += work.frequency[term];
    if (work.frequency[term] > most_in_table) return false;
  }
  const auto terms = static_cast<double>(work.frequency.size());
  const double bytes = work.id_bytes * all + posting_bytes * of_others + row_bytes * all + 2.0 * sizeof(BitRow) * static_cast<double>(work.rows);
  const double with_matrix = bytes + (sizeof(std::int32_t) + static_cast<double>(work.value_bytes)) * all + 8.0 * work.threads * terms;
  const double with_table = bytes + 2.0 * static_cast<double>(size()) * terms;
  if (std::max(with_matrix, with_table) > budget_of_entry * all) return false;
  const double share = of_others / all;
  return static_cast<double>(work.updates) * (1 - share * share) > visit_cost(simd) * (1 + share) * all + term_cost * terms;
}

}  // namespace corpuscle
