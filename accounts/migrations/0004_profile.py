from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_api")]

    operations = [
        migrations.AddField(
            "user",
            "week_starts_on",
            models.PositiveSmallIntegerField(
                choices=[(0, "Monday"), (5, "Saturday"), (6, "Sunday")],
                default=0,
                verbose_name="week begins on",
            ),
        ),
        migrations.AddConstraint(
            "user",
            models.CheckConstraint(
                condition=models.Q(("week_starts_on__in", [0, 5, 6])),
                name="a_week_begins_on_monday_saturday_or_sunday",
            ),
        ),
    ]
