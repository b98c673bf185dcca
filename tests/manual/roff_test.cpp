#include "manual/roff.hpp"

#include <doctest/doctest.h>

using namespace genspool::manual;

namespace {

/// What stands on the page below its title.
std::string body(const Roff& page) {
    return page.text().substr(page.text().find('\n') + 1);
}

}  // namespace

TEST_CASE("a page has a title with its day") {
    const Roff page("genspool.toml", "5", "2026-12-01");
    CHECK(page.text() == ".TH genspool.toml 5 2026-12-01 genspool\n");
}

TEST_CASE("no text is read as a request of troff's") {
    Roff page("x", "1", "2026-12-01");
    page.heading("Notes");
    page.paragraph(".so /etc/passwd \\ 'x' `.y` a-b");
    page.literal(".fi\n'quote\n\\n");
    CHECK(body(page) ==
          ".SH \"NOTES\"\n"
          "\\&.so /etc/passwd \\e \\(aqx\\(aq \\fB.y\\fR a\\-b\n"
          ".PP\n.RS 4\n.nf\n\\&.fi\n\\(aqquote\n\\en\n.fi\n.RE\n");
}

TEST_CASE("marks become fonts, and what is no mark stays") {
    Roff page("x", "1", "2026-12-01");
    page.heading("Marks");
    page.paragraph(
        "**strong `code` all** and *stress*, `*.csv`, 2 * 3, a `lone, [api](api.md), "
        "[w](http://w)");
    CHECK(body(page) ==
          ".SH \"MARKS\"\n"
          "\\fBstrong \\fBcode\\fB all\\fR and \\fIstress\\fR, \\fB*.csv\\fR, 2 * 3, a \\(galone,\n"
          "api, w (http://w)\n");
}

TEST_CASE("lines are filled anew") {
    Roff page("x", "1", "2026-12-01");
    page.item("**-f**", "word\nword " + std::string(80, 'w') + " .end");
    CHECK(body(page) == ".TP\n\\fB\\-f\\fR\nword word\n" + std::string(80, 'w') + "\n\\&.end\n");
}
