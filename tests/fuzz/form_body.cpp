// daemon/gateway/multipart_body: a file that a browser or a program uploads in a form.

#include "daemon/gateway/multipart_body.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace genspool::fuzz {

void fuzz_one(std::string_view input) {
    // The first line stands for the header field.
    const std::size_t end = input.find('\n');
    if (end == std::string_view::npos) return;
    const std::string boundary = daemon::gateway::form_boundary(input.substr(0, end));
    const std::string_view body = input.substr(end + 1);
    const auto parts = daemon::gateway::read_form(body, boundary);
    if (!parts) return;
    const std::string line = "\r\n--" + boundary;
    for (const daemon::gateway::FormPart& part : *parts) {
        must(!part.name.empty(), "a part has a name");
        must(part.bytes.data() >= body.data() &&
                 part.bytes.data() + part.bytes.size() <= body.data() + body.size(),
             "a part lies in the body");
        must(part.bytes.find(line + "\r\n") == std::string_view::npos, "no part holds another");
        must(part.bytes.find(line + "--") == std::string_view::npos, "no part holds the end");
    }
}

}  // namespace genspool::fuzz
