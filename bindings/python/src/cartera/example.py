"""The example of the README: python -m cartera.example INVITATION [DATABASE]"""

import sys

import cartera


class Shown(cartera.SyncListener):
    def stands(self, state):
        print(f"unsent: {state.unsent}, refused: {state.refused}, {state.activity}")


def main(invitation, database="cartera-example.db"):
    with cartera.opened(database, zone="Europe/Madrid") as phone:
        if phone.enrolment().identity() is None:
            phone.enrolment().enrol(invitation, "Example")
        phone.sync().now()
        listening = phone.sync().listen(Shown())

        bar = phone.clients().create(cartera.NewClient(fields=[cartera.text("name", "Bar Ñandú")]))
        phone.visits().log(bar, cartera.Visit(outcome=cartera.Outcome.ORDER, notes="Volver en marzo"))
        for row in phone.clients().page(after=None, most=50).rows:
            print(row.name, row.city or "", row.last_visit)
        try:
            phone.sync().now()
        except cartera.CarteraError.Offline as offline:
            print(cartera.error_words(offline.code, cartera.Language.ENGLISH).text)
        listening.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
