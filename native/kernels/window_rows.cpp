#include "window_rows.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>
#include <utility>

#include "bytes.hpp"
#include "quotient.hpp"
#include "take_counts.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t group = 8;        // ids that share a flag
constexpr std::int64_t ahead = 16;       // places between the one prefetched and the one added
constexpr std::size_t line = 16;         // places of a cache line
constexpr std::int64_t turn = 1 << 13;   // places between two looks at the stop flag

/// Calls use(begin) for each group of ids [begin, begin + group) in which a flag says that a partner was met; takes the flags down.
template <class Use>
void for_each_flag(std::vector<std::uint8_t>& flags, const Use& use) {
  for (std::size_t at = 0; at < flags.size(); at += 8) {
    if (load8(reinterpret_cast<const char*>(flags.data() + at)) == 0) continue;
    std::uint32_t some = 0;  // a bit for each flag
    for (std::size_t i = 0; i < 8; ++i) some |= static_cast<std::uint32_t>(flags[at + i]) << i;
    std::fill_n(flags.begin() + static_cast<std::ptrdiff_t>(at), 8, std::uint8_t{0});
    for (; some != 0; some &= some - 1) use(static_cast<std::int64_t>(at + static_cast<std::size_t>(std::countr_zero(some))) * group);
  }
}

}  // namespace

WindowRows::WindowRows(Execution& run, const TokenView& streams, const Windowing& windowing)
    : terms_(streams.terms), window_(static_cast<std::int64_t>(windowing.numbers.size())), weighing_(windowing.weighing),
      numbers_(windowing.numbers.begin(), windowing.numbers.end()), divisor_(weighing_ == Weighing::whole ? windowing.divisor : 1),
      side_(windowing.side),
      updates_of_place_(window_ * (side_ == Side::both ? 2 : 1)) {
  for (const double number : numbers_) {
    if (weighing_ == Weighing::whole) weight_of_place_ += static_cast<std::int64_t>(number);
    if (weighing_ == Weighing::fractions) common_ = std::lcm(common_, static_cast<std::uint64_t>(number));
  }
  if (side_ == Side::both) weight_of_place_ *= 2;
  for (const double number : numbers_) {
    if (weighing_ == Weighing::fractions) parts_.push_back(common_ / static_cast<std::uint64_t>(number));
  }
  check_streams(run, streams);
  std::vector<Part> parts = parts_of(run, streams);
  reserve(run, streams, windowing.skips_gaps, parts);
  std::visit(
      [&](auto& ids) {
        parallel_chunks(run, static_cast<std::int64_t>(parts.size()),
                        [&](std::int64_t part, int) { lay_out(run, streams, windowing.skips_gaps, parts[part], ids); });
      },
      ids_);
}

/// As many parts as there are threads, about equally long, with the places of each term counted; few where there are many terms.
std::vector<WindowRows::Part> WindowRows::parts_of(Execution& run, const TokenView& streams) const {
  const auto words = static_cast<std::int64_t>(streams.ids.size());
  const std::int64_t count = std::clamp<std::int64_t>(words / (terms_ + 1), 1, run.threads());
  std::vector<Part> parts;
  for (std::int64_t p = 0, first = 0; p < count; ++p) {
    const auto end = std::lower_bound(streams.offsets.begin(), streams.offsets.end() - 1, words * (p + 1) / count) - streams.offsets.begin();
    parts.push_back({first, p + 1 == count ? streams.documents() : std::max(first, end), {}});
    first = parts.back().end;
  }
  run.take(4.0 * static_cast<double>(count) * static_cast<double>(terms_ + 1));
  parallel_chunks(run, count, [&](std::int64_t p, int) {
    Part& part = parts[p];
    part.next.assign(static_cast<std::size_t>(terms_) + 1, 0);
    for (std::int64_t d = part.first; d < part.end; ++d) {
      if (d % 64 == 0 && run.stopped()) return;
      part.filled += streams.offsets[d + 1] > streams.offsets[d];
      for (std::int64_t at = streams.offsets[d]; at < streams.offsets[d + 1]; ++at) ++part.next[cell_of(streams.ids[at])];
    }
  });
  return parts;
}

/// Makes room for words and places, and says where each part has them.
void WindowRows::reserve(Execution& run, const TokenView& streams, bool skips_gaps, std::vector<Part>& parts) {
  places_begin_.assign(static_cast<std::size_t>(terms_) + 1, 0);
  std::int64_t kept = 0;
  for (std::int64_t term = 0; term < terms_; ++term) {
    for (Part& part : parts) kept += std::exchange(part.next[term], static_cast<std::uint32_t>(kept));
    places_begin_[term + 1] = kept;
  }
  std::int64_t room = window_;
  auto no_place = static_cast<std::uint32_t>(kept);  // what is written for words that are no terms: a line for each part
  for (Part& part : parts) {
    part.start = room;
    room += window_ * part.filled + streams.offsets[part.end] - streams.offsets[part.first];
    const std::uint32_t gaps = std::exchange(part.next[terms_], std::exchange(no_place, no_place + line));
    if (skips_gaps) room -= gaps;
  }
  if (room > 0xffffffffLL) throw OverLimit{"Words and the windows between documents take 2^32 places or more; use a smaller window."};
  const bool short_ids = terms_ < 65536;
  run.take(static_cast<double>(room) * (short_ids ? 2 : 4) + 4.0 * static_cast<double>(kept));
  places_.resize(static_cast<std::size_t>(kept) + line * parts.size());
  const auto make = [&]<class Id>(LargeVector<Id>& ids) {
    ids.resize(static_cast<std::size_t>(room));
    std::fill_n(ids.begin(), window_, static_cast<Id>(terms_));
  };
  if (short_ids) {
    make(ids_.emplace<0>());
  } else {
    make(ids_.emplace<1>());
  }
}

/// The words of a part with a window of gaps behind each document. Which word is no term nobody could foresee: without a branch.
template <class Id>
void WindowRows::lay_out(const Execution& run, const TokenView& streams, bool skips_gaps, Part& part, LargeVector<Id>& ids) {
  auto end = static_cast<std::size_t>(part.start);
  for (std::int64_t d = part.first; d < part.end; ++d) {
    if (d % 64 == 0 && run.stopped()) return;
    for (std::int64_t at = streams.offsets[d]; at < streams.offsets[d + 1]; ++at) {
      const std::size_t cell = cell_of(streams.ids[at]);
      const bool is_term = cell < static_cast<std::size_t>(terms_);
      places_[part.next[cell]] = static_cast<std::uint32_t>(end);
      part.next[cell] += is_term;
      ids[end] = static_cast<Id>(cell);
      end += is_term || !skips_gaps;
    }
    if (streams.offsets[d + 1] == streams.offsets[d]) continue;
    std::fill_n(ids.begin() + static_cast<std::ptrdiff_t>(end), window_, static_cast<Id>(terms_));  // no window reaches over so many
    end += static_cast<std::size_t>(window_);
  }
}

std::int64_t WindowRows::work_before(std::int64_t term) const {
  return updates_before(term) + term * (1 + terms_ / 64);
}

std::vector<WindowScratch> WindowRows::scratch(Execution& run) const {
  bool all_sums = true;
  for (std::int64_t term = 0; term < terms_; ++term) all_sums &= has_sums(term);
  const auto size = static_cast<std::size_t>(terms_) + taken_slack;
  const std::size_t pairs = all_sums ? 0 : static_cast<std::size_t>((terms_ + 1) * window_);
  run.take(run.threads() * (24.0 * static_cast<double>(size) + 4.0 * static_cast<double>(pairs)));
  const WindowScratch scratch{PairCounts(terms_), std::vector<std::uint32_t>(pairs),
                              std::vector<std::uint8_t>(static_cast<std::size_t>(terms_ / group / 8 + 1) * 8),
                              std::vector<std::byte>(size * sizeof(std::uint32_t)), std::vector<std::int32_t>(size), std::vector<double>(size)};
  return std::vector<WindowScratch>(static_cast<std::size_t>(run.threads()), scratch);
}

/// Calls visit(id, distance) for each word around each place of a term; `terms_` is the id of gaps.
template <class Visit>
void WindowRows::for_each_partner(const Execution& run, std::int64_t term, const Visit& visit) const {
  const std::int64_t begin = places_begin_[term], end = places_begin_[term + 1], window = window_;
  const std::int64_t reach = std::min<std::int64_t>(window, 16);
  std::visit(
      [&](const auto& ids) {
        const auto* const stream = ids.data();
        const std::uint32_t* const places = places_.data();
        const std::int64_t all = places_begin_.back();
        const auto each_place = [=, &run](const auto& around) {
          for (std::int64_t p = begin; p < end; ++p) {
            if ((p - begin) % turn == turn - 1 && run.stopped()) return;
            const auto* const next = stream + places[std::min(p + ahead, all - 1)];  // perhaps of the next term, which comes next
            __builtin_prefetch(next - reach);
            __builtin_prefetch(next + reach);
            around(stream + places[p]);
          }
        };
        switch (side_) {
          case Side::both:
            return each_place([visit, window](const auto* place) {
              for (std::int64_t d = 1; d <= window; ++d) {
                visit(place[-d], d);
                visit(place[d], d);
              }
            });
          case Side::left:
            return each_place([visit, window](const auto* place) {
              for (std::int64_t d = 1; d <= window; ++d) visit(place[-d], d);
            });
          case Side::right:
            return each_place([visit, window](const auto* place) {
              for (std::int64_t d = 1; d <= window; ++d) visit(place[d], d);
            });
        }
      },
      ids_);
}

void WindowRows::add_sums(const Execution& run, std::int64_t term, std::int64_t first, PairCounts& sums) const {
  sums.hold_up_to(largest_sum(term));
  sums.sparse = is_rare(term);
  sums.visit([&]<class Count>(std::vector<Count>& counts) {
    Count numbers[widest_window + 1];  // which fit, unless the term is nowhere and none is added
    std::transform(numbers_.begin(), numbers_.end(), numbers + 1, [](double number) { return static_cast<Count>(static_cast<std::int64_t>(number)); });
    // What is captured is a copy, so that no sum could be what it points to.
    const auto add = [sum_of = counts.data(), weights = std::as_const(numbers) + 0](std::size_t id, std::int64_t distance) {
      sum_of[id] = static_cast<Count>(sum_of[id] + weights[distance]);
    };
    if (sums.sparse) {
      sums.met.clear();
      for_each_partner(run, term, [&](std::uint32_t id, std::int64_t distance) {
        if (counts[id] == 0 && id >= first && id != terms_) sums.met.push_back(id);
        add(id, distance);
        if (id < first) counts[id] = 0;
      });
      std::sort(sums.met.begin(), sums.met.end());
    } else {
      for_each_partner(run, term, add);
      std::fill_n(counts.begin(), first, Count{0});
    }
    counts[terms_] = 0;
  });
}

WindowRow WindowRows::row_of_sums(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const {
  PairCounts& sums = scratch.sums;
  add_sums(run, term, first, sums);
  std::size_t cells = 0;
  sums.visit([&]<class Count>(std::vector<Count>& counts) {
    if (sums.sparse) {
      for (const std::uint32_t id : sums.met) {
        scratch.terms[cells] = static_cast<std::int32_t>(id);
        scratch.weights[cells] = static_cast<double>(std::exchange(counts[id], Count{0})) / divisor_;
        cells += scratch.weights[cells] != 0;
      }
      return;
    }
    auto* const ids = reinterpret_cast<std::uint32_t*>(scratch.terms.data());
    auto* const taken = reinterpret_cast<Count*>(scratch.counts.data());
    const auto skipped = static_cast<std::size_t>(first);
    cells = take_counts(run.simd(), counts.data() + skipped, skipped, static_cast<std::size_t>(terms_) - skipped, Count{1}, ids, taken);
    std::transform(taken, taken + cells, scratch.weights.begin(), [&](Count count) { return static_cast<double>(count) / divisor_; });
  });
  return {std::span(scratch.terms).first(cells), std::span(scratch.weights).first(cells)};
}

double WindowRows::weight_of(const std::uint32_t* pairs) const {
  const auto distances = static_cast<std::size_t>(window_);
  if (weighing_ != Weighing::fractions) {
    double weight = 0;  // of whole numbers exact: below 2^53
    for (std::size_t d = 0; d < distances; ++d) weight += static_cast<double>(pairs[d]) * numbers_[d];
    return weight / divisor_;
  }
  Wide sum = 0;
  for (std::size_t d = 0; d < distances; ++d) sum += static_cast<Wide>(parts_[d]) * pairs[d];
  return sum == 0 ? 0 : quotient(sum, common_);
}

WindowRow WindowRows::row_of_pairs(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const {
  const std::int64_t window = window_;
  std::uint32_t* const pairs = scratch.pairs.data();
  std::uint8_t* const flags = scratch.flags.data();
  std::vector<std::uint32_t>& met = scratch.sums.met;
  std::size_t cells = 0;
  const auto take = [&](std::int64_t id) {
    std::uint32_t* const own = pairs + id * window;
    if (std::all_of(own, own + window, [](std::uint32_t count) { return count == 0; })) return;
    const double weight = id < first ? 0 : weight_of(own);
    std::fill_n(own, window, 0);
    if (weight == 0) return;
    scratch.terms[cells] = static_cast<std::int32_t>(id);
    scratch.weights[cells++] = weight;
  };
  if (is_rare(term)) {
    met.clear();
    for_each_partner(run, term, [&](std::int64_t id, std::int64_t distance) {
      ++pairs[id * window + distance - 1];
      if (id != terms_) met.push_back(static_cast<std::uint32_t>(id));
    });
    std::sort(met.begin(), met.end());
    for (const std::uint32_t id : met) take(id);
  } else {
    for_each_partner(run, term, [pairs, flags, window](std::int64_t id, std::int64_t distance) {
      ++pairs[id * window + distance - 1];
      flags[id / group] = 1;
    });
    for_each_flag(scratch.flags, [&](std::int64_t begin) {
      for (std::int64_t id = begin; id < std::min(begin + group, terms_); ++id) take(id);
    });
  }
  std::fill_n(pairs + terms_ * window, window, 0);
  return {std::span(scratch.terms).first(cells), std::span(scratch.weights).first(cells)};
}

WindowRow WindowRows::row(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const {
  return has_sums(term) ? row_of_sums(run, term, first, scratch) : row_of_pairs(run, term, first, scratch);
}

}  // namespace corpuscle
