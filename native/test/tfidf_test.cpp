#include "../kernels/tfidf.hpp"

#include <cmath>

#include "support.hpp"

namespace corpuscle::test {
namespace {

TEST(Tfidf, WeighsAndScalesByTheSlowFormula) {
  const Matrix matrix = random_matrix(70, 22, 0.3, 10);
  std::vector<double> idf(22);
  for (std::size_t i = 0; i < idf.size(); ++i) idf[i] = 1 + 0.1 * static_cast<double>(i);
  for (const int threads : thread_counts) {
    for (const Norm norm : {Norm::none, Norm::l1, Norm::l2}) {
      Execution run = on(threads);
      std::vector<double> weights(matrix.values.size());
      tfidf(run, matrix.view(), idf, {}, norm, weights);
      for (std::int64_t row = 0; row < 70; ++row) {
        double total = 0;
        for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1]; ++q) {
          const double weight = matrix.values[q] * idf[matrix.indices[q]];
          total += norm == Norm::l2 ? weight * weight : weight;
        }
        const double length = norm == Norm::none || total == 0 ? 1 : norm == Norm::l2 ? std::sqrt(total) : total;
        for (std::int64_t q = matrix.indptr[row]; q < matrix.indptr[row + 1]; ++q) {
          EXPECT_NEAR(weights[q], matrix.values[q] * idf[matrix.indices[q]] / length, 1e-15);
        }
      }
    }
  }
}

TEST(DocumentFrequency, CountsRowsWithAValueOtherThanZero) {
  const Matrix matrix{3, {0, 2, 4}, {0, 1, 0, 2}, {1, 0, 2, 3}};
  Execution run = on(1);
  std::vector<std::int32_t> frequency(3, 0);
  document_frequency(run, matrix.view(), std::span<std::int32_t>(frequency));
  EXPECT_EQ(frequency, (std::vector<std::int32_t>{2, 0, 1}));
}

TEST(DocumentFrequency, IsTheSameOnAnyNumberOfThreads) {
  const Matrix matrix = random_matrix(20'000, 12, 0.3, 21);  // more rows than a thread takes at a time
  std::vector<std::int32_t> wanted(12, 0);
  for (std::size_t q = 0; q < matrix.indices.size(); ++q) wanted[static_cast<std::size_t>(matrix.indices[q])] += matrix.values[q] != 0;
  for (const int threads : thread_counts) {
    Execution run = on(threads);
    std::vector<std::int32_t> frequency(12, 0);
    document_frequency(run, matrix.view(), std::span<std::int32_t>(frequency));
    EXPECT_EQ(frequency, wanted);
  }
}

}  // namespace
}  // namespace corpuscle::test
