// Goes through a target's corpus and changed copies of it, the same ones every time: what a test
// run can afford where libFuzzer is not at hand.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.hpp"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t input_bytes_max = 16U << 10U;

std::vector<std::string> read_corpus(const fs::path& directory) {
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(directory))
        paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<std::string> corpus;
    for (const fs::path& path : paths) {
        std::ifstream file(path, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return corpus;
}

/// Some places overwritten, cut out, doubled, or filled with a piece of another input.
class Mutator {
public:
    explicit Mutator(const std::vector<std::string>& corpus) : corpus_(corpus) {}

    std::string next() {
        std::string text = corpus_[below(corpus_.size())];
        for (std::size_t changes = 1 + below(6); changes > 0; --changes)
            change(text);
        text.resize(std::min(text.size(), input_bytes_max));
        return text;
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }

    void change(std::string& text) {
        const std::size_t at = below(text.size() + 1);
        const std::size_t count = std::min(text.size() - at, 1 + below(16));
        switch (below(5)) {
            case 0:
                text.erase(at, count);
                break;
            case 1:
                text.insert(at, text.substr(at, count));
                break;
            case 2:
                text.insert(at, 1, static_cast<char>(below(256)));
                break;
            case 3:
                text.replace(at, count, piece());
                break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1U << below(8)));
        }
    }

    std::string piece() {
        const std::string& other = corpus_[below(corpus_.size())];
        const std::size_t at = below(other.size() + 1);
        return other.substr(at, 1 + below(64));
    }

    const std::vector<std::string>& corpus_;
    std::mt19937_64 random_{1};
};

int run(const fs::path& directory, std::size_t rounds) {
    const std::vector<std::string> corpus = read_corpus(directory);
    if (corpus.empty()) {
        std::fprintf(stderr, "no input in %s\n", directory.c_str());
        return 1;
    }
    for (const std::string& input : corpus)
        genspool::fuzz::fuzz_one(input);
    Mutator mutator(corpus);
    for (std::size_t round = 0; round < rounds; ++round)
        genspool::fuzz::fuzz_one(mutator.next());
    std::printf("%zu inputs and %zu changed ones\n", corpus.size(), rounds);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s CORPUS ROUNDS\n", argv[0]);
        return 2;
    }
    try {
        return run(argv[1], std::strtoul(argv[2], nullptr, 10));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
