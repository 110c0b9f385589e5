// Memory for an array whose length is not known before it has been written.
#pragma once

#include <cstddef>
#include <utility>

namespace corpuscle {

/// Addresses for an array, behind which memory comes only where they are written.
class ReservedPages {
 public:
  /// An array of at least so many bytes is in pages of its own, whatever the C library's allocator has seen before (glibc: 32 MB).
  static constexpr std::size_t large_bytes = std::size_t{1} << 25;

  ReservedPages() = default;
  /// Reserves so many bytes; none where the system does not do that or has no addresses to spare, or where pages could not be moved.
  explicit ReservedPages(std::size_t bytes);
  ReservedPages(ReservedPages&& other) noexcept : mapping_(std::exchange(other.mapping_, {})) {}
  ReservedPages& operator=(ReservedPages&& other) noexcept {
    std::swap(mapping_, other.mapping_);
    return *this;
  }
  ~ReservedPages();

  /// Where the array begins; nullptr where nothing is reserved.
  std::byte* data() const { return mapping_.data; }

  /// Moves the first `bytes` into memory of so many bytes that malloc or calloc has given, and lets go of the others. A large array's
  /// whole pages are given another address, which takes a hundredth of the time of a copy; what cannot be moved is copied.
  void move_to(void* to, std::size_t bytes);

 private:
  struct Mapping {
    void* begin = nullptr;  // of all that is reserved
    std::size_t bytes = 0;
    std::byte* data = nullptr;
  };
  Mapping mapping_;
};

}  // namespace corpuscle
