"""People of a workspace talk about a post, beside what happens to it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from posts.commenting import add_comment, change_comment, unknown_names
from posts.errors import IllegalMove
from posts.models import Comment, Notification, Post
from posts.tests.people import browser_of, member, said, words
from posts.tests.plain_platform import a_channel, a_publication

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain")]


@pytest.fixture
def post(alice, workspace):
    return a_publication(alice, a_channel(workspace)).post


@pytest.fixture
def carol(workspace):
    return member(workspace, Role.CONTRIBUTOR)


@pytest.fixture
def comment(post, carol):
    return add_comment(post, by=carol, text="Lovely.")


def page_of(post):
    return reverse("posts:detail", args=[post.pk])


def say(person, post, text, **headers):
    browser = browser_of(person, post.workspace)
    address = reverse("posts:comment", args=[post.pk])
    return browser.post(address, {"text": text}, headers=headers, follow=not headers)


def about(comment):
    return {
        "edit": reverse("posts:edit_comment", args=[comment.pk]),
        "remove": reverse("posts:remove_comment", args=[comment.pk]),
    }


def told():
    return [(each.person.username, each.subject) for each in Notification.objects.order_by("pk")]


def test_a_comment_stands_among_what_happened_and_breaks_its_lines(alice, carol, post):
    publication = post.publications.get()
    publication.note("written", by=alice)
    say(carol, post, "Lovely.\r\n<b>But</b> too long?")
    publication.note("looked at", by=alice)

    page = browser_of(alice).get(page_of(post)).content.decode()

    assert Comment.objects.get().text == "Lovely.\n<b>But</b> too long?"
    places = [page.index(part) for part in ("Looked at", "Lovely.\n&lt;b&gt;But", "Written")]
    assert places == sorted(places)


def test_with_scripts_only_the_history_and_the_form_come_back(carol, post):
    answer = say(carol, post, "Lovely.", **{"HX-Request": "true"})

    page = answer.content.decode()
    publication = post.publications.get()
    assert "<html" not in page
    assert f'id="history-{publication.pk}" hx-swap-oob="true"' in page
    assert "Lovely." in page.partition("oob")[2]
    assert "Lovely." not in page.partition("</form>")[0]


def test_an_empty_comment_is_none(carol, post):
    page = say(carol, post, "  \n ")
    quick = say(carol, post, "", **{"HX-Request": "true"})

    assert "Write something first." in words(page)
    assert "Write something first." in words(quick)
    assert Comment.objects.count() == 0


def test_a_post_that_goes_nowhere_yet_is_talked_about_too(alice, workspace, carol):
    idea = Post.objects.create(workspace=workspace, author=alice, caption="An idea")

    page = say(carol, idea, "Do it!")
    quick = say(carol, idea, "Soon?", **{"HX-Request": "true"})

    assert "Do it!" in words(page)
    assert 'id="history-none" hx-swap-oob="true"' in quick.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [(Role.OWNER, 200), (Role.EDITOR, 200), (Role.CONTRIBUTOR, 200),
                         (Role.VIEWER, 403), (None, 404)],
)  # fmt: skip
def test_who_may_write_may_comment(make_person, workspace, post, comment, role, status):
    somebody = make_person("somebody")
    if role:
        workspace.memberships.create(user=somebody, role=role)

    answer = say(somebody, post, "Hello")

    assert answer.status_code == status
    page = browser_of(somebody, workspace).get(page_of(post))
    reads = page.status_code == 200 and "Lovely." in words(page)
    assert (reads, 'id="comment-form"' in words(page)) == (role is not None, status == 200)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.OWNER, {"edit": 403, "remove": 200}),
        (Role.EDITOR, {"edit": 403, "remove": 403}),
        (Role.CONTRIBUTOR, {"edit": 403, "remove": 403}),
        (Role.VIEWER, {"edit": 403, "remove": 403}),
        (None, {"edit": 404, "remove": 404}),
    ],
)
def test_a_comment_of_somebody_else_is_theirs(make_person, workspace, alice, post, role, may):
    comment = add_comment(post, by=alice, text="Mine.")
    somebody = make_person("somebody")
    if role:
        workspace.memberships.create(user=somebody, role=role)
    browser = browser_of(somebody, workspace)

    looks = {name: browser.get(page).status_code for name, page in about(comment).items()}
    browser.post(about(comment)["edit"], {"text": "Not mine."})
    gone = browser.post(about(comment)["remove"]).status_code == 302

    assert looks == may
    assert gone is (may["remove"] == 200)
    assert list(Comment.objects.values_list("text", flat=True)) == ([] if gone else ["Mine."])


def test_ones_own_comment_is_changed_and_removed_for_a_while(carol, comment, workspace):
    browser = browser_of(carol, workspace)
    assert "Lovely." in words(browser.get(about(comment)["edit"]))

    page = words(browser.post(about(comment)["edit"], {"text": "Very lovely."}, follow=True))
    assert ("Very lovely." in page, "Changed <time" in page) == (True, True)

    browser.post(about(comment)["remove"])
    assert Comment.objects.count() == 0


def test_after_a_while_it_stays_as_it_is(carol, comment, workspace):
    Comment.objects.update(at=timezone.now() - timedelta(minutes=16))
    browser = browser_of(carol, workspace)

    answers = [browser.post(page, {"text": "No."}, follow=True) for page in about(comment).values()]

    late = "After a quarter of an hour a comment stays as it is. Write another one."
    assert [said(answer) for answer in answers] == [[late], [late]]
    assert Comment.objects.get().text == "Lovely."
    assert about(comment)["edit"] not in words(answers[0])


def test_who_left_changes_nothing_any_more(carol, comment, workspace):
    browser = browser_of(carol, workspace)
    workspace.memberships.get(user=carol).delete()

    assert browser.post(about(comment)["edit"], {"text": "Gone."}).status_code == 404
    carol.delete()
    comment.refresh_from_db()
    assert (comment.by, comment.text) == (None, "Lovely.")


def test_a_mention_tells_a_member_whatever_their_role(alice, carol, workspace, post):
    victor = member(workspace, Role.VIEWER)

    page = say(carol, post, f"@{victor.username.upper()}, @alice. And @{carol.username}!")

    mentions = f"{carol} mentions you on “Sunrise”"
    assert sorted(told()) == [("a-viewer", mentions), ("alice", mentions)]
    assert said(page) == []
    assert f'<strong class="mention" title="{alice}">@alice</strong>.' in words(page)


def test_who_is_no_member_is_not_told_and_the_page_says_so(bob, carol, post):
    page = say(carol, post, "@bob @bob and @nobody. Not me@alice.")

    assert told() == []
    assert said(page) == [
        "@bob, @nobody: nobody in “alice's workspace” is called that, so nobody was told."
    ]
    assert 'class="mention"' not in words(page)

    quick = words(say(carol, post, "@bob?", **{"HX-Request": "true"}))
    assert "so nobody was told." in quick.partition('id="messages"')[2]


def test_a_change_tells_only_who_is_new(alice, carol, workspace, post):
    erin = member(workspace, Role.EDITOR)
    comment = add_comment(post, by=carol, text="@alice?")

    change_comment(comment, by=carol, text=f"@alice and @{erin.username}?")

    assert [name for name, _ in told()] == ["alice", erin.username]


def test_what_is_removed_is_not_mailed_any_more(alice, carol, workspace, post):
    comment = add_comment(post, by=carol, text="@alice, the password is 1234")

    browser_of(carol, workspace).post(about(comment)["remove"])

    assert told() == []


def test_two_members_with_like_names_are_told_apart(make_person, workspace):
    names = {"ann": make_person("ann"), "ann.b": make_person("ann.b")}

    assert unknown_names("@ann.b. @ann! @ann.c", names) == ["ann.c"]


def test_a_comment_of_another_is_not_changed_by_the_verb_either(alice, comment):
    Comment.objects.update(at=timezone.now() - timedelta(hours=1))
    comment.refresh_from_db()
    with pytest.raises(IllegalMove):
        change_comment(comment, by=comment.by, text="Never said.")


def test_many_comments_ask_the_database_as_often_as_one(
    alice, carol, post, django_assert_max_num_queries
):
    for number in range(5):
        add_comment(post, by=carol, text=f"Number {number}")
    browser = browser_of(alice)
    with django_assert_max_num_queries(60) as few:
        browser.get(page_of(post))
    for number in range(20):
        add_comment(post, by=carol, text=f"More {number}")

    with django_assert_max_num_queries(len(few)):
        browser.get(page_of(post))
