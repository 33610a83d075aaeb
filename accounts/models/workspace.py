"""A workspace holds everything; a membership says who may do what in it."""

from django.db import models, transaction

from accounts.models.user import User


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    CONTRIBUTOR = "contributor", "Contributor"
    VIEWER = "viewer", "Viewer"


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, user: User) -> "WorkspaceQuerySet":
        """The workspaces that `user` is a member of: where every look-up starts."""
        return self.filter(memberships__user=user)


class Workspace(models.Model):
    name = models.CharField(max_length=100)
    personal_of = models.OneToOneField(
        User, models.SET_NULL, null=True, blank=True, related_name="personal_workspace"
    )
    late_limit_minutes = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text="How late a post may still go out by itself. Empty: the installation's rule.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def locked(cls, pk: int) -> "Workspace":
        """The row, which nobody else changes until the transaction ends."""
        return cls.objects.select_for_update(no_key=True).get(pk=pk)

    @classmethod
    def personal_for(cls, user: User) -> "Workspace":
        """The workspace that `user` got at sign-up; made now if there is none."""
        with transaction.atomic():
            workspace, made = cls.objects.get_or_create(
                personal_of=user, defaults={"name": f"{user.username}'s workspace"}
            )
            if made:
                workspace.memberships.create(user=user, role=Role.OWNER)
        return workspace


class Membership(models.Model):
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user"],
                name="a_person_is_a_member_of_a_workspace_once",
                violation_error_message="This person is already a member.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}: {self.get_role_display()}"
