#include "tests/tidy/await_rules.hpp"

#include <doctest/doctest.h>

#include "tests/tidy/source_tree.hpp"

using genspool::tests::tidy::await_findings;
using genspool::tests::tidy::code_only;

TEST_CASE("statements that this compiler miscompiles are found") {
    for (const std::string statement : {
             "auto x = b ? co_await f() : std::string();",
             "co_await f(b ? s : std::string());",
             "throw std::runtime_error(co_await f());",
             "co_await f(Spec{a, b});",
             "co_await f({a, b});",
             "co_await f({.a = 1});",
             "co_await f(Spec{});",
             "co_await f(take(Spec{a, b}));",
             "co_await f(std::array<std::string, 2>{a, b});",
             "Spec s{.a = co_await f(), .b = 2};",
             "auto s = Spec{co_await f(), 2};",
             "co_return Spec{co_await f()};",
             "co_await f([copy] { use(copy); });",
             "co_await f([copy = move(x)](auto h) { h(); }, token);",
             "co_await f([=] { use(copy); });",
             "co_await [copy]() -> task { co_return; }();",
             "co_await f(Spec{a}, co_await g());",
             "if (co_await f({a, b})) { g(); }",
             "do { g(); } while (co_await f());",
             "do { if (a) { g(); } } while (more && !(co_await f(x)));",
         }) {
        CAPTURE(statement);
        const auto code = "task t() { before(); " + statement + " after(); }";
        CHECK_FALSE(await_findings(code).empty());
    }
}

TEST_CASE("statements that are correct pass") {
    for (const std::string statement : {
             "auto reply = co_await f(std::move(request));",
             "auto [ec, n] = co_await f(buffer, token);",
             "auto& [ec, n] = co_await f(buffer, token);",
             "if (auto x = co_await f()) { g(Spec{x}); }",
             "if (!co_await f()) { throw std::runtime_error(text); }",
             "while (co_await f() && more) { g({1, 2}); }",
             "switch (co_await f()) { case 1: break; }",
             "for (auto& x : co_await f()) { g(x ? 1 : 2); }",
             "Spec s{a, b}; co_await f(std::move(s));",
             "auto s = b ? x : y; co_await f(s);",
             "co_await f([] { g(); });",
             "co_await f([&] { return Spec{1}; });",
             "co_await f([&x, this](int y) { g(y); });",
             "co_await f(values[index]);",
             "if (a) { b(); } co_await f();",
             "if (a) { b(); } else { co_await f(); }",
             "do { co_await f(); } while (more);",
             "do { g(); } while (more); while (co_await f()) { g(); }",
             "if (a) { g(); } while (co_await f()) { g(); }",
             "try { co_await f(); } catch (const E& e) { g({1}); }",
             "co_return co_await f();",
             "auto g = [&]() -> task { co_await f(); }; h(Spec{1});",
             "auto g = [&](int x) -> task<void> { co_await f(x); };",
             "co_await sleep_until(now() + std::chrono::seconds{1});",
             "case 1: co_await f(); break;",
         }) {
        CAPTURE(statement);
        const auto code = "task t() { before(); " + statement + " after(); }";
        CHECK(await_findings(code).empty());
    }
}

TEST_CASE("comments and literals do not count as code") {
    CHECK(code_only("a // b\nc") == "a     \nc");
    CHECK(code_only("a /* b\n */ c") == "a     \n    c");
    CHECK(code_only("f(\"x ? {\");") == "f(\"     \");");
    CHECK(code_only("f('\"', '\\'');") == "f(\" \", \"  \");");
    CHECK(code_only("f(1'000, 0xa'b);") == "f(1'000, 0xa'b);");
    CHECK(code_only("R\"(a\" b)\" c") == "\"       \" c");
}
