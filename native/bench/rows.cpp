#include "rows.hpp"

namespace corpuscle::bench {

std::vector<Row> rows() {
  std::vector<Row> all;
  for (const auto& group : {text_rows(), pair_rows(), cluster_rows()}) all.insert(all.end(), group.begin(), group.end());
  return all;
}

}  // namespace corpuscle::bench
