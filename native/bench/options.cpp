#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace corpuscle::bench {
namespace {

struct Command {
  std::string_view name;
  std::vector<std::string_view> options;
};

const std::vector<Command> commands{
    {"list", {}},
    {"run", {"--documents", "--threads", "--repeats", "--text", "--simd"}},
    {"scaling", {"--documents", "--text", "--json"}},
    {"limits", {"--threads"}},
};

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error(what + " See kernel_bench --help."); }

std::int64_t integer(const std::string& name, std::string_view text, std::int64_t min, std::int64_t max) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < min || value > max) {
    refuse(name + " must be an integer from " + std::to_string(min) + " to " + std::to_string(max) + ", but is \"" +
           std::string(text) + "\".");
  }
  return value;
}

}  // namespace

Options parse(std::span<char* const> arguments) {
  Options options;
  options.help = std::find(arguments.begin(), arguments.end(), std::string_view("--help")) != arguments.end();
  if (options.help) return options;
  if (arguments.empty()) refuse("A command is missing.");
  options.command = arguments[0];
  const auto named = [&](const Command& command) { return command.name == options.command; };
  const auto command = std::find_if(commands.begin(), commands.end(), named);
  if (command == commands.end()) refuse("There is no command \"" + options.command + "\".");
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string name = arguments[i];
    if (options.command == "run" && options.row.empty() && !name.starts_with("--")) {
      options.row = name;
      continue;
    }
    if (std::find(command->options.begin(), command->options.end(), name) == command->options.end()) {
      refuse(options.command + " takes no \"" + name + "\".");
    }
    if (name == "--json") {
      options.json = true;
      continue;
    }
    if (++i == arguments.size()) refuse("The value of " + name + " is missing.");
    if (name == "--text") options.text = arguments[i];
    if (name == "--simd") {
      const auto level = simd_named(arguments[i]);
      if (!level) refuse("This processor has no instructions of the name \"" + std::string(arguments[i]) + "\".");
      options.simd = *level;
    }
    if (name == "--documents") options.documents = integer(name, arguments[i], 100, 10'000'000);
    if (name == "--threads") options.threads = static_cast<int>(integer(name, arguments[i], 1, 1024));
    if (name == "--repeats") options.repeats = static_cast<int>(integer(name, arguments[i], 1, 1000));
  }
  if (options.command == "run" && options.row.empty()) refuse("run takes the name of a row; kernel_bench list tells them.");
  return options;
}

}  // namespace corpuscle::bench
