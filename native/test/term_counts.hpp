// Texts for the term counter, and what it finds in them as strings.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <string>
#include <vector>

#include "../kernels/term_counter.hpp"
#include "support.hpp"

namespace corpuscle::test {

/// Strings as one block.
struct Text {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};
  Text() = default;
  Text(std::initializer_list<std::string> strings) {
    for (const std::string& text : strings) add(text);
  }
  void add(const std::string& text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  TextView view() const { return {bytes, offsets}; }
};

/// The terms as strings.
inline std::vector<std::string> strings_of(const TermStatistics& terms) {
  std::vector<std::string> strings;
  for (std::size_t i = 0; i + 1 < terms.offsets.size(); ++i) {
    strings.emplace_back(terms.bytes.data() + terms.offsets[i], terms.bytes.data() + terms.offsets[i + 1]);
  }
  return strings;
}

/// The counts as "term:count" for each document; column i has name i.
inline std::vector<std::string> rows_of(Execution& run, const TermCounts& counts, const std::vector<std::string>& names) {
  std::vector<std::int32_t> indptr(static_cast<std::size_t>(counts.rows) + 1), indices(static_cast<std::size_t>(counts.nnz)), values(indices);
  counts.write<std::int32_t>(run, indptr, indices, values);
  std::vector<std::string> rows(static_cast<std::size_t>(counts.rows));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::int32_t q = indptr[row]; q < indptr[row + 1]; ++q) {
      rows[row] += names[static_cast<std::size_t>(indices[q])] + ":" + std::to_string(values[q]) + " ";
    }
  }
  return rows;
}

/// The counts of all terms.
inline std::vector<std::string> all_rows(Execution& run, TermCounter& counter) {
  const std::vector<std::string> names = strings_of(counter.statistics(run, false));
  std::vector<std::int32_t> columns(names.size());
  std::iota(columns.begin(), columns.end(), 0);
  return rows_of(run, counter.count(run, {columns, static_cast<std::int64_t>(names.size()), false}), names);
}

/// The counts of some documents, analyzed so.
inline std::vector<std::string> analyzed(const Analysis& analysis, const Text& documents, const Text& stop_words = {}, int threads = 2) {
  Execution run = on(threads);
  TermCounter counter(analysis, stop_words.view(), std::nullopt);
  counter.add(run, documents.view());
  return all_rows(run, counter);
}

}  // namespace corpuscle::test
