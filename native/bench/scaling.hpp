// Every row on 1, 2, 4, ... threads.
#pragma once

#include "corpus.hpp"

namespace corpuscle::bench {

/// Prints a Markdown table, or JSON; throws std::runtime_error where a result depends on the threads.
void print_scaling(const Corpus& corpus, bool json);

}  // namespace corpuscle::bench
