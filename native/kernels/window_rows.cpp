#include "window_rows.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>
#include <utility>

#include "bytes.hpp"
#include "quotient.hpp"

namespace corpuscle {
namespace {

constexpr std::int64_t group = 8;        // ids that share a flag, and sums that are looked at together
constexpr std::int64_t ahead = 16;       // places between the one prefetched and the one added
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
      numbers_(windowing.numbers.begin(), windowing.numbers.end()), divisor_(windowing.divisor), side_(windowing.side),
      updates_of_place_(window_ * (side_ == Side::both ? 2 : 1)) {
  for (const double number : numbers_) {
    if (weighing_ == Weighing::whole) weight_of_place_ += static_cast<std::uint64_t>(number);
    if (weighing_ == Weighing::fractions) common_ = std::lcm(common_, static_cast<std::uint64_t>(number));
  }
  if (side_ == Side::both) weight_of_place_ *= 2;
  for (const double number : numbers_) {
    if (weighing_ == Weighing::fractions) parts_.push_back(common_ / static_cast<std::uint64_t>(number));
  }
  const std::int64_t filled = check_streams(run, streams);
  places_begin_.assign(static_cast<std::size_t>(terms_) + 1, 0);
  for (const std::int32_t id : streams.ids) {
    if (id != no_term) ++places_begin_[static_cast<std::size_t>(id) + 1];
  }
  for (std::int64_t term = 0; term < terms_; ++term) places_begin_[term + 1] += places_begin_[term];
  const std::int64_t kept = places_begin_.back();
  const auto words = windowing.skips_gaps ? kept : static_cast<std::int64_t>(streams.ids.size());
  const std::int64_t room = words + window_ * (filled + 1);
  if (room > 0xffffffffLL) throw OverLimit{"Words and the windows between documents take 2^32 places or more; use a smaller window."};
  const bool short_ids = terms_ < 65536;
  run.take(static_cast<double>(room) * (short_ids ? 2 : 4) + 4.0 * static_cast<double>(kept));
  places_.resize(static_cast<std::size_t>(kept));
  std::vector<std::int64_t> next(places_begin_.begin(), places_begin_.end() - 1);

  const auto lay_out = [&]<class Id>(Ids<Id>& ids) {
    const auto gap = static_cast<Id>(terms_);
    ids.assign(static_cast<std::size_t>(room), gap);
    auto end = static_cast<std::size_t>(window_);
    for (std::int64_t d = 0; d < streams.documents(); ++d) {
      if (d % 64 == 0) run.check_stopped();
      for (std::int64_t at = streams.offsets[d]; at < streams.offsets[d + 1]; ++at) {
        const std::int32_t id = streams.ids[at];
        if (id != no_term) {
          places_[static_cast<std::size_t>(next[id]++)] = static_cast<std::uint32_t>(end);
          ids[end++] = static_cast<Id>(id);
        } else if (!windowing.skips_gaps) {
          ++end;
        }
      }
      // No window reaches over so many gaps.
      if (streams.offsets[d + 1] > streams.offsets[d]) end += static_cast<std::size_t>(window_);
    }
  };
  if (short_ids) {
    lay_out(ids_.emplace<0>());
  } else {
    lay_out(ids_.emplace<1>());
  }
}

std::int64_t WindowRows::work_before(std::int64_t term) const {
  return updates_before(term) + term * (1 + terms_ / 64);
}

WindowScratch WindowRows::scratch() const {
  const auto size = static_cast<std::size_t>(terms_ + group);
  WindowScratch scratch;
  if (weighing_ == Weighing::whole) {
    scratch.narrow.assign(size, 0);
    scratch.wide.assign(size, 0);
  } else {
    scratch.narrow.assign(static_cast<std::size_t>((terms_ + 1) * window_), 0);
  }
  scratch.flags.assign(static_cast<std::size_t>(terms_ / group / 8 + 1) * 8, 0);
  scratch.terms.resize(size);
  scratch.weights.resize(size);
  return scratch;
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
        const auto all = static_cast<std::int64_t>(places_.size());
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

std::int64_t WindowRows::updates_of(std::int64_t term) const { return updates_before(term + 1) - updates_before(term); }

/// Notes the partners of a term in order, each once.
void WindowRows::note_partners(const Execution& run, std::int64_t term, WindowScratch& scratch) const {
  std::vector<std::uint32_t>& met = scratch.met;
  met.clear();
  for_each_partner(run, term, [&](std::uint32_t id, std::int64_t) {
    if (id != terms_) met.push_back(id);
  });
  std::sort(met.begin(), met.end());
  met.erase(std::unique(met.begin(), met.end()), met.end());
}

template <class Sum>
WindowRow WindowRows::row_of_sums(const Execution& run, std::int64_t term, std::int64_t first, std::vector<Sum>& sums,
                                  WindowScratch& scratch) const {
  Sum* const sum_of = sums.data();
  std::uint8_t* const flags = scratch.flags.data();
  Sum numbers[widest_window + 1];
  std::transform(numbers_.begin(), numbers_.end(), numbers + 1, [](double number) { return static_cast<Sum>(number); });
  // What is captured is a copy, so that no sum could be what it points to.
  const auto add = [sum_of, weights = std::as_const(numbers) + 0](std::size_t id, std::int64_t distance) { sum_of[id] += weights[distance]; };
  std::int32_t* const terms = scratch.terms.data();
  std::size_t cells = 0;
  const auto take_group = [&](std::int64_t begin) {
    for (std::int64_t id = begin; id < begin + group; ++id) {
      terms[cells] = static_cast<std::int32_t>(id);  // the next one is written over it where its sum is zero
      cells += sum_of[id] != 0;
    }
  };
  if (is_rare(term)) {
    for_each_partner(run, term, add);
    note_partners(run, term, scratch);
    for (const std::uint32_t id : scratch.met) {
      terms[cells] = static_cast<std::int32_t>(id);
      cells += sum_of[id] != 0;
    }
    sum_of[terms_] = 0;
  } else if (updates_of(term) < terms_ / 2) {
    for_each_partner(run, term, [add, flags](std::size_t id, std::int64_t distance) {
      add(id, distance);
      flags[id / group] = 1;
    });
    sum_of[terms_] = 0;
    for_each_flag(scratch.flags, take_group);
  } else {
    for_each_partner(run, term, add);
    sum_of[terms_] = 0;
    for (std::int64_t begin = 0; begin < terms_; begin += group) {
      const char* const bytes = reinterpret_cast<const char*>(sum_of + begin);
      std::uint64_t any = 0;
      for (std::size_t at = 0; at < group * sizeof(Sum); at += 8) any |= load8(bytes + at);
      if (any != 0) take_group(begin);
    }
  }
  std::size_t begin = 0;
  for (; begin < cells && terms[begin] < first; ++begin) sum_of[terms[begin]] = 0;
  for (std::size_t i = begin; i < cells; ++i) {
    scratch.weights[i] = static_cast<double>(std::exchange(sum_of[terms[i]], 0)) / divisor_;
  }
  return {{terms + begin, cells - begin}, {scratch.weights.data() + begin, cells - begin}};
}

double WindowRows::weight_of(const std::uint32_t* pairs) const {
  const auto distances = static_cast<std::size_t>(window_);
  if (weighing_ == Weighing::each) {
    double weight = 0;
    for (std::size_t d = 0; d < distances; ++d) weight += static_cast<double>(pairs[d]) * numbers_[d];
    return weight;
  }
  Wide sum = 0;
  for (std::size_t d = 0; d < distances; ++d) sum += static_cast<Wide>(parts_[d]) * pairs[d];
  return sum == 0 ? 0 : quotient(sum, common_);
}

WindowRow WindowRows::row_of_pairs(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const {
  const std::int64_t window = window_;
  std::uint32_t* const pairs = scratch.narrow.data();
  std::uint8_t* const flags = scratch.flags.data();
  std::size_t cells = 0;
  const auto take = [&](std::int64_t id) {
    std::uint32_t* const own = pairs + id * window;
    const double weight = id < first ? 0 : weight_of(own);
    std::fill_n(own, window, 0);
    if (weight == 0) return;
    scratch.terms[cells] = static_cast<std::int32_t>(id);
    scratch.weights[cells++] = weight;
  };
  if (is_rare(term)) {
    for_each_partner(run, term, [&](std::int64_t id, std::int64_t distance) { ++pairs[id * window + distance - 1]; });
    note_partners(run, term, scratch);
    for (const std::uint32_t id : scratch.met) take(id);
  } else {
    for_each_partner(run, term, [pairs, flags, window](std::int64_t id, std::int64_t distance) {
      ++pairs[id * window + distance - 1];
      flags[id / group] = 1;
    });
    for_each_flag(scratch.flags, [&](std::int64_t begin) {
      for (std::int64_t id = begin; id < std::min(begin + group, terms_); ++id) {
        const std::uint32_t* const own = pairs + id * window;
        if (std::any_of(own, own + window, [](std::uint32_t count) { return count != 0; })) take(id);
      }
    });
  }
  std::fill_n(pairs + terms_ * window, window, 0);
  return {{scratch.terms.data(), cells}, {scratch.weights.data(), cells}};
}

WindowRow WindowRows::row(const Execution& run, std::int64_t term, std::int64_t first, WindowScratch& scratch) const {
  if (weighing_ != Weighing::whole) return row_of_pairs(run, term, first, scratch);
  const auto places = static_cast<std::uint64_t>(places_begin_[term + 1] - places_begin_[term]);
  if (places * weight_of_place_ <= 0xffffffffULL) return row_of_sums(run, term, first, scratch.narrow, scratch);
  return row_of_sums(run, term, first, scratch.wide, scratch);
}

}  // namespace corpuscle
