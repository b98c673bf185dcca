#include "manual/markdown.hpp"

#include <doctest/doctest.h>

using namespace genspool::manual;

namespace {

constexpr std::string_view document = R"(# Title

About it,
in two lines.

## Keys

| key | default | |
| --- | --- | --- |
| `a.b` | `1` | what it does |
| `a.c` | | |
| `d` | `x|y` | |

- one
  more
- two

```sh
genspool ls
```

### Below

inner

## Other

outer
)";

std::string put(std::string_view section) {
    Roff page("x", "1", "2026-12-01");
    put_markdown(page, document, section);
    return page.text().substr(page.text().find('\n') + 1);
}

}  // namespace

TEST_CASE("a document's blocks become a page's") {
    CHECK(put("") ==
          ".SH \"DESCRIPTION\"\nAbout it, in two lines.\n"
          ".SH \"KEYS\"\n"
          ".TP\n\\fBa.b\\fR\nwhat it does. default: \\fB1\\fR\n"
          ".TP\n\\fBa.c\\fR\n\\&\n"
          ".TP\n\\fBd\\fR\ndefault: \\fBx|y\\fR\n"
          ".TP\n•\none more\n.TP\n•\ntwo\n"
          ".PP\n.RS 4\n.nf\ngenspool ls\n.fi\n.RE\n"
          ".SS \"Below\"\ninner\n"
          ".SH \"OTHER\"\nouter\n");
}

TEST_CASE("a section is put with what is below it, and nothing after it") {
    CHECK(put("Below") == ".SH \"BELOW\"\ninner\n");
    CHECK(put("Keys").ends_with(".SS \"Below\"\ninner\n"));
    CHECK_THROWS_WITH(put("None"), "there is no section \"None\"");
}
