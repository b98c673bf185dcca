// workers/spool: a spool file as a crash, or a broken disk, may have left it.

#include "workers/spool.hpp"

#include "tests/fuzz/fuzz.hpp"
#include "workers/digest.hpp"

namespace genspool::fuzz {
namespace {

/// With the trailer of a complete file, which nobody finds by chance.
std::string sealed(std::string_view head_and_body) {
    const std::size_t end_of_head = head_and_body.find('\n');
    if (end_of_head == std::string_view::npos) return std::string(head_and_body);
    const std::string_view body = head_and_body.substr(end_of_head + 1);
    workers::Sha256 digest;
    digest.update(body);
    std::string file = std::string(head_and_body) + "GENSPOOL";
    for (int shift = 56; shift >= 0; shift -= 8)
        file += static_cast<char>((body.size() >> static_cast<unsigned>(shift)) & 0xFFU);
    for (const std::uint8_t byte : digest.bytes())
        file += static_cast<char>(byte);
    return file;
}

}  // namespace

void fuzz_one(std::string_view input) {
    Choices choices(input);
    const bool whole = choices.below(2) == 1;
    const std::string file = whole ? sealed(input) : std::string(input);
    if (const auto name = workers::parse_spool_name(std::string(input)); name && !name->aside)
        must(workers::spool_path(name->job, name->send).ends_with("." + std::to_string(name->send)),
             "a name is that of its send");
    const auto spooled = workers::parse_spool(file);
    if (!spooled) return;
    must(spooled->reply.body.size() < file.size(), "a body is shorter than its file");
    must(!whole || input.ends_with(spooled->reply.body), "the body is what was put in");
}

}  // namespace genspool::fuzz
