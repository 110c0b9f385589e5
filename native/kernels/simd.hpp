// Which vector instructions a kernel takes: the best that the processor has, or fewer where a caller forces them. Results do not
// depend on it.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace corpuscle {

/// In order of what they can do. `baseline` is what the compiler may take anywhere: SSE2 on x86-64, NEON on 64-bit Arm. `avx512` is
/// AVX-512 as of Ice Lake and Zen 4, with instructions for bytes that older processors lack; they take `avx2`.
enum class Simd { baseline, avx2, avx512 };

/// All levels that this processor has, `baseline` first.
std::span<const Simd> simd_levels();

inline Simd best_simd() { return simd_levels().back(); }

std::string_view name_of(Simd level);

/// The level of a name, or nothing where this processor does not have it.
std::optional<Simd> simd_named(std::string_view name);

}  // namespace corpuscle
