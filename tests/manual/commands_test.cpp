#include "manual/commands.hpp"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>

using namespace genspool::manual;

TEST_CASE("a program's verbs and options are told of, common ones once, hidden ones never") {
    CLI::App app("does things", "tool");
    std::string text;
    app.add_option("--socket", text, "where")->type_name("PATH");
    CLI::App* const verb = app.add_subcommand("get", "gets it");
    verb->add_option("id", text, "which")->required()->type_name("ID");
    bool now = false;
    verb->add_flag("-n,--now", now, "at once");
    verb->add_option("--socket", text, "where")->group("Common options");
    verb->add_option("--secret", text, "nobody knows")->group("");
    verb->footer("Example:\n  tool get 1");
    app.footer("That is all.");

    Roff page("tool", "1", "2026-12-01");
    put_commands(page, app);
    CHECK(page.text() ==
          ".TH tool 1 2026-12-01 genspool\n"
          ".SH \"SYNOPSIS\"\n\\fBtool\\fR \\fIVERB\\fR [options]\n"
          ".SH \"DESCRIPTION\"\ndoes things\n"
          ".SH \"OPTIONS\"\n.TP\n\\fB\\-\\-socket\\fR \\fIPATH\\fR\nwhere\n"
          ".SH \"VERBS\"\n.SS \"tool get\"\n\\fBtool get\\fR \\fIid\\fR [options]\n"
          ".PP\ngets it\n"
          ".TP\n\\fIid\\fR\nwhich\n"
          ".TP\n\\fB\\-n\\fR, \\fB\\-\\-now\\fR\nat once\n"
          ".PP\n.RS 4\n.nf\nExample:\n  tool get 1\n.fi\n.RE\n"
          ".SH \"NOTES\"\n.RS 4\n.nf\nThat is all.\n.fi\n.RE\n");
}
