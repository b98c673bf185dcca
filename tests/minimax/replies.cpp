#include "replies.hpp"

#include <utility>

#include "proto/minimax/provider.hpp"
#include "proto/price.hpp"

namespace genspool::tests {

proto::Reply coded(std::int64_t code, std::string_view message) {
    return ok(R"({"task_id":"","data":null,"base_resp":{"status_code":)" + std::to_string(code) +
              R"(,"status_msg":")" + std::string{message} + R"("}})");
}

proto::Reply session(const std::vector<std::string>& frames) {
    std::string body;
    for (const std::string& frame : frames)
        body += "data: " + frame + "\n\n";
    return reply(101, std::move(body));
}

proto::JobSpec spec(std::string request) {
    proto::JobSpec made;
    made.provider = "minimax";
    made.request = std::move(request);
    return made;
}

std::optional<proto::Money> quote(const proto::Checked& checked) {
    const proto::Registry registry({&proto::minimax_provider()});
    return proto::PriceTable(registry).quote(checked);
}

}  // namespace genspool::tests
