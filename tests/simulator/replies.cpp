#include "tests/simulator/replies.hpp"

#include <boost/json/serialize.hpp>

namespace genspool::simulator {
namespace {

namespace json = boost::json;

ModelReply text_reply(int status, std::string type, std::string body) {
    ModelReply reply;
    reply.status = status;
    reply.headers.emplace_back("Content-Type", std::move(type));
    reply.body = std::move(body);
    return reply;
}

ModelReply gateway_page(int status, const std::string& title) {
    return text_reply(status, "text/html",
                      "<html>\r\n<head><title>" + title +
                          "</title></head>\r\n<body>\r\n<center><h1>" + title +
                          "</h1></center>\r\n</body>\r\n</html>\r\n");
}

struct HttpError {
    int status;
    std::string_view type;
};

HttpError http_error(int code) {
    switch (code) {
        case 2013:
            return {400, "bad_request_error"};
        case 1004:
        case 2049:
            return {401, "authorized_error"};
        case 1008:
            return {402, "insufficient_balance_error"};
        case 1026:
        case 1027:
            return {422, "unprocessable_entity_error"};
        case 1002:
        case 1039:
        case 1041:
        case 2045:
        case 2056:
            return {429, "rate_limit_error"};
        default:
            return {500, "server_error"};
    }
}

}  // namespace

std::string code_text(int code, Instant now) {
    switch (code) {
        case 0:
            return "success";
        case 1000:
            return "unknown error";
        case 1001:
            return "request timeout";
        case 1002:
            return "rate limit";
        case 1004:
            return "login fail: Please carry the API secret key in the 'Authorization' field";
        case 1008:
            return "insufficient balance";
        case 1024:
            return "internal error";
        case 1026:
            return "input new_sensitive";
        case 1027:
            return "output new_sensitive";
        case 1033:
            return "system error";
        case 1039:
            return "token limit";
        case 1041:
            return "conn limit";
        case 1042:
            return "invisible character ratio limit";
        case 2013:
            return "invalid params";
        case 2045:
            return "rate growth limit";
        case 2049:
            return "invalid api key";
        case 2056:
            return "usage limit exceeded, resets at " +
                   proto::format_rfc3339(now + std::chrono::hours(5));
        case 2061:
            return "your current token plan does not support this model";
        default:
            return "error " + std::to_string(code);
    }
}

ModelReply answer_with(json::object answer, int code, std::string_view text) {
    json::object base;
    base.emplace("status_code", code);
    base.emplace("status_msg", text);
    answer.emplace("base_resp", std::move(base));
    return answer_json(answer);
}

ModelReply answer_ok(json::object answer) {
    return answer_with(std::move(answer), 0, "success");
}

ModelReply answer_code(int code, Instant now) {
    return answer_with({}, code, code_text(code, now));
}

ModelReply answer_invalid(std::string_view problem) {
    return answer_with({}, 2013, "invalid params, " + std::string(problem));
}

ModelReply answer_error(int code, std::string_view text) {
    const auto [status, type] = http_error(code);
    json::object error;
    error.emplace("type", type);
    error.emplace("message", std::string(text) + " (" + std::to_string(code) + ")");
    error.emplace("http_code", std::to_string(status));
    json::object answer;
    answer.emplace("type", "error");
    answer.emplace("error", std::move(error));
    answer.emplace("request_id", "sim");
    ModelReply reply = answer_json(answer);
    reply.status = status;
    return reply;
}

ModelReply answer_not_found() {
    return text_reply(404, "text/plain; charset=utf-8", "404 page not found");
}

ModelReply answer_bad_gateway() {
    return gateway_page(502, "502 Bad Gateway");
}

ModelReply answer_timed_out() {
    return gateway_page(504, "504 Gateway Time-out");
}

ModelReply answer_reset() {
    ModelReply reply;
    reply.fate.kind = FateKind::reset;
    return reply;
}

ModelReply answer_json(const json::object& answer) {
    return text_reply(200, "application/json; charset=utf-8", json::serialize(answer));
}

}  // namespace genspool::simulator
