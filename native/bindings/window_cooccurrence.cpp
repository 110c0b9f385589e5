#include "../kernels/window_cooccurrence.hpp"

#include <cmath>
#include <optional>

#include "addon.hpp"
#include "args.hpp"

namespace corpuscle {
namespace {

/// The first arguments of either call: streams, weighing, numbers, divisor, side, skipsGaps.
struct WindowArgs {
  TokenCopy streams;
  Weighing weighing;
  LargeVector<double> numbers;
  double divisor;
  Side side;
  bool skips_gaps;

  explicit WindowArgs(const Args& args)
      : streams(args.tokens(0)),
        weighing(args.choice<Weighing>(1, {{"whole", Weighing::whole}, {"fractions", Weighing::fractions}, {"each", Weighing::each}})),
        numbers(args.array<double>(2)), divisor(args.number(3)),
        side(args.choice<Side>(4, {{"symmetric", Side::both}, {"left", Side::left}, {"right", Side::right}})),
        skips_gaps(args.boolean(5)) {}

  /// Refuses numbers with which sums would not be exact.
  void check() const {
    const auto in_range = [&](double least, double most) {
      for (const double number : numbers) {
        if (!(number >= least && number <= most && (weighing == Weighing::each || number == std::floor(number)))) return false;
      }
      return true;
    };
    double sum = 0;
    for (const double number : numbers) sum += number;
    const bool valid = weighing == Weighing::fractions ? in_range(1, static_cast<double>(largest_denominator))
                       : weighing == Weighing::whole   ? in_range(0, 2097152) && sum < 2097152  // x 2 sides x 2^31 words: below 2^53
                                                       : in_range(0, 1e290);
    if (!valid || !(divisor >= 1) || numbers.size() < 1 || numbers.size() > static_cast<std::size_t>(widest_window)) {
      throw InvalidMatrix{"The weights of a window are not among those that can be added without loss."};
    }
  }
  Windowing view() const { return {weighing, numbers, divisor, side, skips_gaps}; }
};

class WindowCooccurrenceJob : public Job {
 public:
  explicit WindowCooccurrenceJob(const Args& args)
      : Job(args.options(8)), args_(args), upper_(args.boolean(6)), dense_(args.boolean(7)) {}

  void compute(Execution& run) override {
    args_.check();
    pairs_.emplace(run, args_.streams.view(), args_.view(), upper_);
    const std::int64_t terms = args_.streams.terms;
    args_.streams = {};
    if (dense_) {
      declare<double>("values", terms * terms);
      return;
    }
    const std::int64_t nnz = pairs_->count(run);
    wide_ = nnz > 2147483647;
    if (wide_) {
      declare<double>("indptr", terms + 1);
    } else {
      declare<std::int32_t>("indptr", terms + 1);
    }
    const Pages pages = pairs_->moves_pages() ? Pages::moved : Pages::fresh;
    declare<std::int32_t>("indices", nnz, pages);
    declare<double>("values", nnz, pages);
  }

  void deliver(Execution& run) override {
    if (dense_) {
      pairs_->write_dense(run, out<double>("values"));
    } else if (wide_) {
      pairs_->write(run, out<double>("indptr"), out<std::int32_t>("indices"), out<double>("values"));
    } else {
      pairs_->write(run, out<std::int32_t>("indptr"), out<std::int32_t>("indices"), out<double>("values"));
    }
    pairs_.reset();
  }

 private:
  WindowArgs args_;
  bool upper_, dense_, wide_ = false;
  std::optional<WindowCooccurrence> pairs_;
};

class TopWindowCooccurrencesJob : public Job {
 public:
  explicit TopWindowCooccurrencesJob(const Args& args)
      : Job(args.options(8)), args_(args), terms_(args.array<std::int32_t>(6)), k_(args.integer(7, 1, 2147483647)) {}

  void compute(Execution& run) override {
    args_.check();
    for (const std::int32_t term : terms_) {
      if (term < 0 || term >= args_.streams.terms) throw InvalidMatrix{"terms must be terms of the streams."};
    }
    top_ = WindowCooccurrence(run, args_.streams.view(), args_.view(), false).top(run, terms_, k_);
    args_.streams = {};
    declare<std::int32_t>("offsets", static_cast<std::int64_t>(top_.offsets.size()));
    declare<std::int32_t>("partners", static_cast<std::int64_t>(top_.partners.size()));
    declare<double>("weights", static_cast<std::int64_t>(top_.weights.size()));
  }

  bool delivers_copies() const override { return true; }
  void deliver(Execution&) override {
    std::copy(top_.offsets.begin(), top_.offsets.end(), out<std::int32_t>("offsets").begin());
    std::copy(top_.partners.begin(), top_.partners.end(), out<std::int32_t>("partners").begin());
    std::copy(top_.weights.begin(), top_.weights.end(), out<double>("weights").begin());
    top_ = {};
  }

 private:
  WindowArgs args_;
  LargeVector<std::int32_t> terms_;
  std::int64_t k_;
  TopWindowPairs top_;
};

}  // namespace

/// windowCooccurrence(streams, weighing, numbers, divisor, direction, skipsGaps, upper, dense, options): { indptr, indices, values },
/// or { values } where dense
Napi::Value start_window_cooccurrence(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<WindowCooccurrenceJob>(Args(info)));
}

/// topWindowCooccurrences(streams, weighing, numbers, divisor, direction, skipsGaps, terms, k, options): { offsets, partners, weights }
Napi::Value start_top_window_cooccurrences(const Napi::CallbackInfo& info) {
  return Job::start(info.Env(), std::make_unique<TopWindowCooccurrencesJob>(Args(info)));
}

}  // namespace corpuscle
