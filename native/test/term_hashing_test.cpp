#include <cmath>
#include <cstring>
#include <map>
#include <sstream>
#include <string>

#include "../kernels/murmur3.hpp"
#include "../kernels/term_counter.hpp"
#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(Murmur3, GivesTheValuesOfTheReferenceImplementation) {
  EXPECT_EQ(murmur3("foo", 3, 0), -156'908'512);
  EXPECT_EQ(murmur3("foo", 3, 42), -1'322'301'282);
  EXPECT_EQ(murmur3("\3\0\0\0", 4, 0), 847'579'505);
  EXPECT_EQ(murmur3("", 0, 0), 0);
}

/// Runs of up to `max_n` words of documents by the definition: column and value of each entry.
std::vector<std::map<std::int32_t, double>> by_definition(const std::vector<std::string>& documents, std::uint32_t max_n, const Hashing& hashing,
                                                          Norm norm) {
  std::vector<std::map<std::int32_t, double>> rows;
  for (const std::string& document : documents) {
    std::istringstream words(document);
    auto& row = rows.emplace_back();
    std::vector<std::string> runs;  // that end with the word at hand, the shortest first
    for (std::string word; words >> word;) {
      for (std::string& run : runs) run += ' ' + word;
      runs.insert(runs.begin(), word);
      runs.resize(std::min<std::size_t>(runs.size(), max_n));
      for (const std::string& run : runs) {
        const std::int32_t hash = murmur3(run.data(), run.size(), 0);
        row[static_cast<std::int32_t>(std::abs(static_cast<std::int64_t>(hash)) % hashing.features)] += hashing.alternate_sign && hash < 0 ? -1 : 1;
      }
    }
    double total = 0;
    for (auto& [column, value] : row) {
      if (hashing.binary) value = 1;
      total += norm == Norm::l1 ? std::abs(value) : value * value;
    }
    const double size = norm == Norm::none || total == 0 ? 1 : norm == Norm::l1 ? total : std::sqrt(total);
    for (auto& [column, value] : row) value /= size;
  }
  return rows;
}

TEST(TermHashing, IsItsDefinitionOnAnyNumberOfThreads) {
  std::mt19937 random(7);
  std::vector<std::string> documents{""};
  std::string text;
  std::vector<std::int64_t> offsets{0, 0};
  for (int d = 0; d < 900; ++d) {  // of more than one chunk
    std::string document;
    for (unsigned words = random() % 60; words > 0; --words) document += "word" + std::to_string(random() % 700) + ' ';
    text += document;
    offsets.push_back(static_cast<std::int64_t>(text.size()));
    documents.push_back(document);
  }
  for (const Hashing hashing : {Hashing{1 << 20, true, false}, Hashing{5, true, false}, Hashing{1, false, false}, Hashing{0x7fffffff, true, true}}) {
    for (const Norm norm : {Norm::none, Norm::l1, Norm::l2}) {
      const std::uint32_t max_n = norm == Norm::l1 ? 3 : 1;
      const auto wanted = by_definition(documents, max_n, hashing, norm);
      for (const int threads : thread_counts) {
        Execution run = on(threads);
        TermCounter counter({{}, Unit::word, 1, max_n}, {}, std::nullopt);
        counter.add(run, {text, offsets});
        const TermCounts counts = counter.count_hashed(run, hashing);
        ASSERT_EQ(counts.rows, static_cast<std::int64_t>(documents.size()));
        std::vector<std::int32_t> indptr(documents.size() + 1), indices(static_cast<std::size_t>(counts.nnz));
        std::vector<double> values(indices.size());
        counts.write_scaled<std::int32_t>(run, norm, indptr, indices, values);
        for (std::size_t row = 0; row < documents.size(); ++row) {
          ASSERT_EQ(static_cast<std::size_t>(indptr[row + 1] - indptr[row]), wanted[row].size());
          std::int32_t q = indptr[row];
          for (const auto& [column, value] : wanted[row]) {
            EXPECT_EQ(indices[q], column);
            EXPECT_EQ(values[q++], value);
          }
        }
      }
    }
  }
}

TEST(TermHashing, StopsAtTheBudget) {
  Execution enough = on(1), little = on(1, 10);
  TermCounter counter({}, {}, std::nullopt);
  const std::string text = "some words of a document";
  counter.add(enough, {text, std::vector<std::int64_t>{0, static_cast<std::int64_t>(text.size())}});
  EXPECT_THROW(counter.count_hashed(little, {16, true, false}), OverBudget);
}

}  // namespace
}  // namespace corpuscle::test
