#include "gram_merge.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "byte_sort.hpp"
#include "sorted_merge.hpp"

namespace corpuscle {
namespace {

/// Runs of so many words, by the ranks of what they are made of. No character of a word comes before the space, so that this is the
/// order of their bytes, and whole numbers are sorted in the place of strings.
struct Runs {
  struct Entry {
    std::uint64_t parts;  // the rank of the run without its last word, then that of this word
    std::uint32_t id, table;

    bool is_same(const Entry& other) const { return parts == other.parts; }
  };

  std::vector<LargeVector<Entry>> all;  // of each table
  std::size_t befores;                  // ranks of runs without the last word

  std::size_t tables() const { return all.size(); }
  std::size_t size(std::size_t t) const { return all[t].size(); }
  const Entry& entry(std::size_t t, std::size_t i) const { return all[t][i]; }

  /// Runs that begin alike stand in one part.
  auto parts(std::size_t count) const {
    LargeVector<std::uint32_t> begin(befores + 1, 0);
    for (const auto& own : all) {
      for (const Entry& entry : own) ++begin[(entry.parts >> 32) + 1];
    }
    std::partial_sum(begin.begin(), begin.end(), begin.begin());
    LargeVector<std::uint8_t> part_of(befores);
    for (std::size_t before = 0; before < befores; ++before) {
      part_of[before] = static_cast<std::uint8_t>(begin[before] * std::uint64_t{count} / (begin[befores] + std::uint64_t{1}));
    }
    return [this, part_of = std::move(part_of)](std::size_t t, std::size_t i) { return part_of[all[t][i].parts >> 32]; };
  }

  static void sort(std::span<Entry> entries) {
    sort_by_bytes(entries, [](const Entry& entry) { return entry.parts; });
  }
};

/// Different runs of one number of words, in order: a run's place is its rank.
struct Level {
  LargeVector<std::uint32_t> before, word;  // ranks of what a run is made of
  LargeVector<std::uint32_t> length;        // in bytes
  LargeVector<std::int32_t> df;
  LargeVector<std::uint32_t> family;  // how many terms begin with the run, itself among them where it is one
  LargeVector<std::uint32_t> number;  // of the first of these: terms that begin with a run follow it

  explicit Level(std::size_t runs) : before(runs), word(runs), length(runs), df(runs), family(runs), number(runs) {}
  std::int64_t count() const { return static_cast<std::int64_t>(df.size()); }
};

constexpr double bytes_of_run = 24;  // in a level
constexpr std::size_t copied = 16;   // bytes of a word are copied at a time; so many are readable behind the words

class GramMerge {
 public:
  GramMerge(Execution& run, std::span<const TermTable* const> tables, std::span<const GramTable* const> grams, std::uint32_t min_n,
            std::uint32_t max_n, TermNumbers& numbers)
      : grams_(grams), min_n_(min_n), numbers_(numbers), words_(merge_terms(run, tables, numbers)), sizes_(tables.size()) {
    words_.bytes.resize(words_.bytes.size() + copied);
    double ids = 0;
    for (const TermTable* const table : tables) ids += table->size();
    run.take((2 * sizeof(Runs::Entry) + sizeof(std::uint32_t) + bytes_of_run) * ids);
    each_table(run, [&](std::size_t t) {
      sizes_[t].assign(tables[t]->size(), 1);
      for (std::uint32_t id = 0; id < grams[t]->ids(); ++id) {
        if (grams[t]->is_run(id)) sizes_[t][id] = sizes_[t][grams[t]->before(id)] + 1;
      }
    });
    levels_.push_back(words());
    while (levels_.size() < max_n) levels_.push_back(longer(run));
    number_terms();
    each_table(run, [&](std::size_t t) {
      for (std::size_t id = 0; id < numbers[t].size(); ++id) {
        const std::uint32_t n = sizes_[t][id];
        numbers[t][id] = is_term(n) ? levels_[n - 1].number[numbers[t][id]] : TermTable::ignored;
      }
    });
  }

  TermStatistics terms(Execution& run) const {
    std::int64_t count = 0;
    for (std::size_t n = min_n_; n <= levels_.size(); ++n) count += levels_[n - 1].count();
    TermStatistics all;
    all.offsets.assign(static_cast<std::size_t>(count) + 1, 0);
    all.document_frequency.resize(static_cast<std::size_t>(count));
    for_each_block(run, [&](std::size_t n, std::int64_t begin, std::int64_t end) {
      const Level& level = levels_[n - 1];
      for (std::int64_t rank = begin; rank < end; ++rank) {
        all.offsets[level.number[rank] + std::size_t{1}] = level.length[rank];
        all.document_frequency[level.number[rank]] = level.df[rank];
      }
    });
    std::partial_sum(all.offsets.begin(), all.offsets.end(), all.offsets.begin());
    all.bytes.resize(static_cast<std::size_t>(all.offsets.back()));
    for_each_block(run, [&](std::size_t n, std::int64_t begin, std::int64_t end) { write(n, begin, end, all); });
    return all;
  }

 private:
  bool is_term(std::size_t n) const { return n >= min_n_; }

  template <class Use>
  void each_table(Execution& run, const Use& use) const {
    parallel_chunks(run, static_cast<std::int64_t>(grams_.size()), [&](std::int64_t t, int) { use(static_cast<std::size_t>(t)); });
  }

  /// Calls use(n, begin, end) for ranges of ranks of terms of n words.
  template <class Use>
  void for_each_block(Execution& run, const Use& use) const {
    for (std::size_t n = min_n_; n <= levels_.size(); ++n) {
      const Blocks blocks{levels_[n - 1].count(), 4096};
      parallel_chunks(run, blocks.count(), [&](std::int64_t block, int) { use(n, blocks.begin(block), blocks.end(block)); });
    }
  }

  Level words() const {
    Level level(words_.document_frequency.size());
    std::copy(words_.document_frequency.begin(), words_.document_frequency.end(), level.df.begin());
    for (std::int64_t rank = 0; rank < level.count(); ++rank) {
      level.length[rank] = static_cast<std::uint32_t>(words_.offsets[rank + 1] - words_.offsets[rank]);
    }
    return level;
  }

  /// The runs of one word more than the last level.
  Level longer(Execution& run) {
    const Level &known = levels_.back(), &words = levels_.front();
    Runs runs{std::vector<LargeVector<Runs::Entry>>(grams_.size()), static_cast<std::size_t>(known.count())};
    each_table(run, [&](std::size_t t) {
      const GramTable& grams = *grams_[t];
      runs.all[t].resize(static_cast<std::size_t>(std::count(sizes_[t].begin(), sizes_[t].end(), levels_.size() + 1)));
      std::size_t count = 0;
      for (std::uint32_t id = 0; id < grams.ids(); ++id) {
        if (sizes_[t][id] != levels_.size() + 1) continue;
        const std::uint64_t before = numbers_[t][grams.before(id)], word = numbers_[t][grams.word(id)];
        runs.all[t][count++] = {before << 32 | word, id, static_cast<std::uint32_t>(t)};
      }
    });
    const SortedMerge merged(run, runs);
    Level level(static_cast<std::size_t>(merged.count()));
    merged.for_each(run, [&](std::int64_t rank, const Runs::Entry& entry, bool is_first) {
      if (is_first) {
        level.before[rank] = static_cast<std::uint32_t>(entry.parts >> 32);
        level.word[rank] = static_cast<std::uint32_t>(entry.parts);
        level.length[rank] = known.length[level.before[rank]] + 1 + words.length[level.word[rank]];
        level.df[rank] = 0;
      }
      level.df[rank] += static_cast<std::int32_t>(grams_[entry.table]->document_frequency(entry.id));
      numbers_[entry.table][entry.id] = static_cast<std::uint32_t>(rank);
    });
    return level;
  }

  /// In the order of bytes a run comes before those that begin with it.
  void number_terms() {
    for (std::size_t n = levels_.size(); n > 0; --n) {
      std::fill(levels_[n - 1].family.begin(), levels_[n - 1].family.end(), is_term(n));
      if (n == levels_.size()) continue;
      const Level& longer = levels_[n];
      for (std::int64_t rank = 0; rank < longer.count(); ++rank) levels_[n - 1].family[longer.before[rank]] += longer.family[rank];
    }
    std::exclusive_scan(levels_[0].family.begin(), levels_[0].family.end(), levels_[0].number.begin(), std::uint32_t{0});
    for (std::size_t n = 2; n <= levels_.size(); ++n) {
      const Level& shorter = levels_[n - 2];
      Level& level = levels_[n - 1];
      for (std::int64_t rank = 0; rank < level.count(); ++rank) {
        const bool begins = rank == 0 || level.before[rank] != level.before[rank - 1];
        level.number[rank] = begins ? shorter.number[level.before[rank]] + is_term(n - 1) : level.number[rank - 1] + level.family[rank - 1];
      }
    }
  }

  /// A text that is built word by word; behind it there is room for what is copied of a word at a time.
  struct Text {
    std::vector<char> bytes;
    std::size_t size = 0;
  };

  void append(const char* word, std::size_t length, Text& text) const {
    if (text.bytes.size() < text.size + length + copied) text.bytes.resize(2 * (text.size + length + copied));
    for (std::size_t at = 0; at < length; at += copied) std::memcpy(text.bytes.data() + text.size + at, word + at, copied);
    text.size += length;
  }
  void append_word(std::int64_t rank, Text& text) const {
    append(words_.bytes.data() + words_.offsets[rank], levels_.front().length[rank], text);
  }
  /// Appends a run of n words and a space.
  void append_before(std::size_t n, std::int64_t rank, Text& text) const {
    const bool is_word = n == 1;
    if (!is_word) append_before(n - 1, levels_[n - 1].before[rank], text);
    append_word(is_word ? rank : levels_[n - 1].word[rank], text);
    text.bytes[text.size++] = ' ';
  }

  /// Writes the bytes of runs of n words. Those that share all words but the last stand together.
  void write(std::size_t n, std::int64_t begin, std::int64_t end, TermStatistics& all) const {
    const Level& level = levels_[n - 1];
    Text text;
    std::size_t shared = 0;
    for (std::int64_t rank = begin; rank < end; ++rank) {
      if (n > 1 && (rank == begin || level.before[rank] != level.before[rank - 1])) {
        text.size = 0;
        append_before(n - 1, level.before[rank], text);
        shared = text.size;
      }
      text.size = shared;
      append_word(n == 1 ? rank : level.word[rank], text);
      std::copy_n(text.bytes.data(), text.size, all.bytes.data() + all.offsets[level.number[rank]]);
    }
  }

  std::span<const GramTable* const> grams_;
  std::uint32_t min_n_;
  TermNumbers& numbers_;  // at first ranks
  TermStatistics words_;
  std::vector<LargeVector<std::uint32_t>> sizes_;  // in words, of each id of each table
  std::vector<Level> levels_;  // those of one word first
};

}  // namespace

TermStatistics merge_grams(Execution& run, std::span<const TermTable* const> tables, std::span<const GramTable* const> grams,
                           std::uint32_t min_n, std::uint32_t max_n, TermNumbers& numbers) {
  return GramMerge(run, tables, grams, min_n, max_n, numbers).terms(run);
}

}  // namespace corpuscle
