#include "../kernels/term_merge.hpp"

#include <string>

#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(MergeTerms, AddsUpWhatEachTableCountedAndNumbersEachTermOnce) {
  // Term and document; the terms of the three tables overlap. Long ones share their first eight bytes.
  const std::vector<std::vector<std::pair<std::string, std::uint32_t>>> counted{
      {{"bb", 1}, {"common beginning a", 1}, {"aa", 2}, {"bb", 2}},
      {{"common beginning b", 1}, {"bb", 1}, {"b", 3}},
      {},
      {{"common beginning a", 1}, {"bb", 4}, {"aa", 4}, {"aa", 5}, {"aa", 5}}};
  const std::vector<std::string> terms{"aa", "b", "bb", "common beginning a", "common beginning b"};
  const LargeVector<std::int32_t> frequency{3, 1, 4, 2, 1};
  for (const int threads : thread_counts) {
    std::vector<TermTable> tables(counted.size(), TermTable(16));
    std::vector<std::vector<std::uint32_t>> ids(counted.size());
    for (std::size_t t = 0; t < counted.size(); ++t) {
      for (const auto& [term, document] : counted[t]) {
        const std::string padded = term + std::string(16, ' ');  // tokens are read eight bytes at a time
        ids[t].push_back(tables[t].find(token_of(padded.data(), 0, static_cast<std::uint32_t>(term.size())), padded.data(), document));
      }
    }
    std::vector<const TermTable*> views;
    for (const TermTable& table : tables) views.push_back(&table);
    Execution run = on(threads);
    TermNumbers numbers;
    const TermStatistics all = merge_terms(run, views, numbers);
    ASSERT_EQ(all.offsets.size(), terms.size() + 1);
    for (std::size_t i = 0; i < terms.size(); ++i) {
      EXPECT_EQ(std::string(all.bytes.data() + all.offsets[i], all.bytes.data() + all.offsets[i + 1]), terms[i]);
    }
    EXPECT_EQ(all.document_frequency, frequency);
    for (std::size_t t = 0; t < counted.size(); ++t) {
      for (std::size_t i = 0; i < counted[t].size(); ++i) EXPECT_EQ(terms[numbers[t][ids[t][i]]], counted[t][i].first);
    }
  }
}

}  // namespace
}  // namespace corpuscle::test
