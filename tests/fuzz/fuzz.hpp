#pragma once

#include <cstdint>
#include <string_view>

/// The parsers that meet other people's bytes, one target a file. A target is built twice: with
/// libFuzzer, which searches (./run fuzz), and with smoke_main.cpp, which goes through the corpus
/// and some thousand changed copies of it in every test run.
namespace genspool::fuzz {

/// One input. Defined by each target. Ends the process where something must hold and does not.
void fuzz_one(std::string_view input);

/// Ends the process, naming what does not hold, so that the fuzzer keeps the input.
void must(bool holds, const char* what);

/// Takes decisions off the front of an input; what is left is the text to parse.
class Choices {
public:
    explicit Choices(std::string_view& input) : input_(input) {}

    /// 0 to 255; 0 when the input has run out.
    std::uint8_t byte();
    /// 0 to below - 1.
    std::size_t below(std::size_t below) { return byte() % below; }

private:
    std::string_view& input_;
};

}  // namespace genspool::fuzz
