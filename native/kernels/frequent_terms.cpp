#include "frequent_terms.hpp"

#include <algorithm>
#include <numeric>

#include "bit_sums.hpp"

namespace corpuscle {
namespace {

constexpr double visit_cost = 32;          // of a row's bits, in updates
constexpr double term_cost = 500;          // of writing the sums of one term, in updates
constexpr std::uint32_t highest = 0xffff;  // of the counts of frequent terms with others

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
bool FrequentTerms::pay_as_bits(std::span<const std::uint32_t> frequency, std::int64_t rows, std::int64_t updates) const {
  double all = 0, of_others = 0;
  for (std::size_t term = 0; term < frequency.size(); ++term) {
    all += frequency[term];
    if (has(static_cast<std::int64_t>(term))) continue;
    of_others += frequency[term];
    if (frequency[term] > highest) return false;
  }
  const auto height = static_cast<double>(rows), width = static_cast<double>(frequency.size());
  const double bytes_of_an_entry = frequency.size() < 65536 ? 10 : 8;  // that the budget has for ids, but ids do not take
  if (2 * sizeof(BitRow) * height + 2 * BitRow::size * width > bytes_of_an_entry * all) return false;
  const double others = of_others / all;
  return static_cast<double>(updates) * (1 - others * others) > visit_cost * (1 + others) * all + term_cost * width;
}

}  // namespace corpuscle
